using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SecurityAudit.Journal;

namespace SecurityAudit.Refusal;

/// <summary>
/// The body of a response whose first byte leaves only when everything that the request has recorded until then is on disk. One that was
/// refused lets no byte out: each attempt to write throws, and so does its end.
/// </summary>
/// <remarks>A request that records nothing waits for nothing. Used by one request at a time, as every response is.</remarks>
internal sealed class RecordedResponse : IHttpResponseBodyFeature, IDisposable
{
    private readonly IHttpResponseBodyFeature _inner;
    private readonly Action _conclude;
    private readonly Func<ValueTask> _durable;
    private readonly RecordedStream _stream;
    private PipeWriter? _writer;
    private JournalUnavailableException? _refusal;
    private bool _isAwaited;
    private bool _isDecided = true;

    /// <param name="inner">The server's body.</param>
    /// <param name="conclude">Records what the request shows, now that its answer is known.</param>
    /// <param name="durable">Completes when what was recorded is on disk.</param>
    public RecordedResponse(IHttpResponseBodyFeature inner, Action conclude, Func<ValueTask> durable)
    {
        (_inner, _conclude, _durable) = (inner, conclude, durable);
        _stream = new RecordedStream(inner.Stream, this);
    }

    /// <summary>True once the first byte was let out: from then on nothing waits.</summary>
    public bool IsReleased { get; private set; }

    public bool IsRefused => _refusal is not null;

    public Stream Stream => _stream;

    // A pipe of its own: what was only put into the server's could not be taken back.
    public PipeWriter Writer => _writer ??= PipeWriter.Create(_stream, new StreamPipeWriterOptions(leaveOpen: true));

    public static bool IsRefusedIn(HttpContext request) => Of(request) is { IsRefused: true };

    /// <summary>What is under way may write the answer by itself: what the request was is not decided until it is through.</summary>
    public static void Decided(HttpContext request, bool isDecided)
    {
        if (Of(request) is { } response)
        {
            response._isDecided = isDecided;
        }
    }

    public static RecordedResponse? Of(HttpContext? request) => request?.Features.Get<RecordedResponse>();

    /// <summary>Something was recorded: the answer waits for it.</summary>
    public void Await() => _isAwaited = true;

    public void Refuse(JournalUnavailableException refusal) => _refusal ??= refusal;

    /// <summary>Completes when the first byte may leave.</summary>
    /// <exception cref="JournalUnavailableException">It may not: something was refused, or what was recorded did not reach the
    /// disk.</exception>
    public async ValueTask ReleaseAsync()
    {
        if (IsReleased)
        {
            return;
        }

        ThrowIfRefused();
        if (_isDecided)
        {
            _conclude();
        }

        if (!await IsOnRecordAsync())
        {
            ThrowIfRefused();
        }

        IsReleased = true;
    }

    /// <summary>Waits until what was recorded is on disk; false when it did not get there, or when something was refused.</summary>
    public async ValueTask<bool> IsOnRecordAsync()
    {
        if (_isAwaited && !IsRefused)
        {
            try
            {
                await _durable();
            }
            catch (JournalUnavailableException failure)
            {
                Refuse(failure);
            }
        }

        return !IsRefused;
    }

    /// <summary>The pipeline is through: lets out what it has left in the pipe, or the answer that has no body.</summary>
    public async ValueTask EndAsync()
    {
        await ReleaseAsync();
        if (_writer is not null)
        {
            await _writer.CompleteAsync();
        }
    }

    /// <summary>Forgets what is still in the pipe, which is something only where the answer was refused or broke off.</summary>
    public void Dispose()
    {
        _writer?.Complete(new OperationCanceledException("The answer ended before this was let out."));
        _stream.Dispose();
    }

    public void DisableBuffering() => _inner.DisableBuffering();

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await ReleaseAsync();
        await _inner.StartAsync(cancellationToken);
    }

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        await ReleaseAsync();
        if (_writer is not null)
        {
            await _writer.FlushAsync(cancellationToken);
        }

        await _inner.SendFileAsync(path, offset, count, cancellationToken);
    }

    public async Task CompleteAsync()
    {
        await EndAsync();
        await _inner.CompleteAsync();
    }

    private void ThrowIfRefused()
    {
        if (_refusal is not null)
        {
            throw new JournalUnavailableException(_refusal.Message, _refusal);
        }
    }
}
