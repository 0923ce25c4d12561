namespace SecurityAudit.Refusal;

/// <summary>The body's stream: asks before the first byte, then stands aside.</summary>
internal sealed class RecordedStream(Stream inner, RecordedResponse response) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
        Release();
        inner.Flush();
    }

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        response.IsReleased ? inner.FlushAsync(cancellationToken) : FlushFirstAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count)
    {
        Release();
        inner.Write(buffer, offset, count);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Release();
        inner.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        response.IsReleased ? inner.WriteAsync(buffer, cancellationToken) : WriteFirstAsync(buffer, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task FlushFirstAsync(CancellationToken cancellationToken)
    {
        await response.ReleaseAsync();
        await inner.FlushAsync(cancellationToken);
    }

    private async ValueTask WriteFirstAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await response.ReleaseAsync();
        await inner.WriteAsync(buffer, cancellationToken);
    }

    // Only where the application allows synchronous writing; the journal's own wait is bounded.
    private void Release()
    {
        if (!response.IsReleased)
        {
            response.ReleaseAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
