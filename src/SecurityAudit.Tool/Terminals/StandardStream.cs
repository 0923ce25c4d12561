namespace SecurityAudit.Tool.Terminals;

/// <summary>Standard output or standard error of a Unix process.</summary>
/// <remarks>
/// Failing standard output is told by an exception; what cannot be written to standard error is lost, since there is nowhere left to tell
/// it.
/// </remarks>
internal sealed class StandardStream(int descriptor) : Stream
{
    private readonly bool _isOpen = Descriptor.IsInherited(descriptor);

    /// <summary>Where a command writes its answer, or its errors.</summary>
    public static Stream Open(int descriptor)
    {
        if (!OperatingSystem.IsWindows())
        {
            return new StandardStream(descriptor);
        }

        return descriptor == Descriptor.Output ? Console.OpenStandardOutput() : Console.OpenStandardError();
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            if (!_isOpen)
            {
                throw new IOException("Standard output is closed, expected somewhere to write the answer to: name a file, a pipe or /dev/null.");
            }

            Descriptor.Write(descriptor, buffer);
        }
        catch (IOException) when (descriptor == Descriptor.Error)
        {
            // Errors that nobody can read still end with their exit code.
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
