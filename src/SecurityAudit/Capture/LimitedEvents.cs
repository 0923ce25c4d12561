using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using SecurityAudit.Fields;
using SecurityAudit.Metrics;
using SecurityAudit.Recording;
using SecurityAudit.Redaction;

namespace SecurityAudit.Capture;

/// <summary>
/// Records what one source can cause without end only so often within a window; what is left out is counted and told in one event when the
/// window is over, or when the application stops. Memory is bounded, whoever sends from how many addresses.
/// </summary>
/// <remarks>Safe for any thread.</remarks>
internal sealed class LimitedEvents : IHostedService, IDisposable
{
    /// <summary>Sources, or sessions, that are remembered at once: some 10 MB at worst.</summary>
    internal const int MostKeys = 10_000;

    private readonly Lock _lock = new();
    private readonly BoundedTable<(string Kind, SourceNetwork Source, string? Subject), Entry> _entries = new(MostKeys);
    private readonly Queue<Entry> _due = [];
    private readonly SecurityRecorder _recorder;
    private readonly TimeProvider _time;
    private readonly AuditMetrics _metrics;
    private readonly HookFailures _failures;
    private readonly ITimer _review;

    public LimitedEvents(SecurityRecorder recorder, TimeProvider time, AuditMetrics metrics, HookFailures failures)
    {
        (_recorder, _time, _metrics, _failures) = (recorder, time, metrics, failures);
        // In nobody's request: what is left over is told by nobody's.
        var flow = ExecutionContext.IsFlowSuppressed() ? (AsyncFlowControl?)null : ExecutionContext.SuppressFlow();
        _review = time.CreateTimer(_ => Review(isLast: false), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        flow?.Undo();
    }

    /// <summary>Records it, or counts it.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="request">The request that caused it.</param>
    /// <param name="caused">The event.</param>
    /// <param name="subject">What is counted on its own within the source: a session, a tool.</param>
    /// <param name="isBySource">False: the subject is counted wherever it comes from.</param>
    public void Record(LimitedKind kind, HttpContext request, SecurityEvent caused, string? subject = null, bool isBySource = true)
    {
        var address = request.Connection.RemoteIpAddress;
        var told = caused.With(EventFields.Method, request.Request.Method).With(EventFields.SourceIp, TypedValue.TextOf(address))
            with { User = caused.User ?? AuditUser.From(request.User) };
        if (Admits(kind, isBySource ? SourceNetwork.Of(address) : SourceNetwork.None, told, subject))
        {
            _recorder.Record(told);
        }
    }

    /// <summary>The same for what happens outside of the pipeline: the event itself says where it came from. Refuses nothing.</summary>
    public void TryRecord(LimitedKind kind, SourceNetwork source, SecurityEvent caused, string? subject = null)
    {
        if (Admits(kind, source, caused, subject))
        {
            _recorder.TryRecord(caused);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Review(isLast: true);
        return Task.CompletedTask;
    }

    public void Dispose() => _review.Dispose();

    private bool Admits(LimitedKind kind, SourceNetwork source, SecurityEvent caused, string? subject)
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            if (!_entries.TryGet((kind.Name, source, subject), out var entry) || now - entry.Since >= kind.Window)
            {
                Due(entry);
                if (_entries.Set((kind.Name, source, subject), new Entry(kind, now)) is { } evicted)
                {
                    _metrics.Forgot(kind.Name);
                    Due(evicted);
                }

                return true;
            }

            if (entry.Recorded < kind.Most)
            {
                entry.Recorded++;
                return true;
            }

            (entry.Last, entry.LeftOut) = (caused, entry.LeftOut + 1);
            return false;
        }
    }

    private void Due(Entry? over)
    {
        if (over is not { LeftOut: > 0 })
        {
            return;
        }

        if (_due.Count < MostKeys)
        {
            _due.Enqueue(over);
        }
        else
        {
            _metrics.Forgot(over.Kind.Name);
        }
    }

    // Called by a timer: what is thrown there ends the process.
    private void Review(bool isLast)
    {
        try
        {
            TellDue(isLast);
        }
        catch (Exception failure)
        {
            _failures.Failed(this, failure);
        }
    }

    private void TellDue(bool isLast)
    {
        var now = _time.GetUtcNow();
        List<Entry> told;
        lock (_lock)
        {
            foreach (var (key, entry) in _entries.All.Where(pair => isLast || now - pair.Value.Since >= pair.Value.Kind.Window).ToList())
            {
                _entries.Remove(key);
                Due(entry);
            }

            told = [.. _due];
            _due.Clear();
        }

        foreach (var entry in told)
        {
            _recorder.TryRecord(Summary(entry));
        }
    }

    private static SecurityEvent Summary(Entry entry)
    {
        var more = string.Create(
            CultureInfo.InvariantCulture, $"{entry.LeftOut} more within {entry.Kind.Window.TotalSeconds:0} s were not recorded one by one");
        var last = entry.Last!;
        return (last with { Id = null, Timestamp = null, Reason = last.Reason is null ? more : $"{last.Reason}; {more}" })
            .With(EventFields.Repeated, entry.LeftOut);
    }

    private sealed class Entry(LimitedKind kind, DateTimeOffset since)
    {
        public LimitedKind Kind { get; } = kind;

        public DateTimeOffset Since { get; } = since;

        public int Recorded { get; set; } = 1;

        public int LeftOut { get; set; }

        public SecurityEvent? Last { get; set; }
    }
}
