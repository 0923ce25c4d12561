using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Metrics;
using SecurityAudit.Recording;
using SecurityAudit.Redaction.Exceptions;

namespace SecurityAudit.Capture;

/// <summary>
/// The guard around everything that the application or the framework calls: what is caught there comes here, and the application's call goes
/// on as if nobody had looked. Each failure is counted and logged, the first of a hook is an event at once, and what follows within a minute
/// is one event at its end. Nothing here throws, whatever the application's clock, meters or log do.
/// </summary>
internal sealed partial class HookFailures(
    IReadOnlyList<CaptureHook> hooks, IServiceProvider services, TimeProvider time, AuditMetrics metrics, ILogger<HookFailures> logger) : IDisposable
{
    /// <summary>So long a hook that failed is in the health check.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Tally> _tallies = new(StringComparer.Ordinal);
    private bool _isDisposed;

    /// <summary>The hooks that failed within the last quarter of an hour. Safe for any thread.</summary>
    public IReadOnlyList<string> Recent
    {
        get
        {
            var since = time.GetUtcNow() - Remembered;
            lock (_lock)
            {
                return [.. _tallies.Where(tally => tally.Value.Last >= since).Select(tally => tally.Key)];
            }
        }
    }

    /// <summary>
    /// True for what is to be caught: everything but the refusal that the owner chose, which is meant for the application.
    /// </summary>
    public static bool Catches(Exception failure) => failure is not JournalUnavailableException;

    /// <summary>The same for a part of which one is made a request, which is not to be larger for what hardly ever happens.</summary>
    public static void Failed(HttpContext request, string hook, Exception failure)
    {
        HookFailures? failures = null;
        try
        {
            failures = request.RequestServices.GetService<HookFailures>();
        }
        catch (Exception)
        {
            // The request has no services any longer: there is nobody to tell.
        }

        failures?.Failed(hook, failure);
    }

    /// <summary>A part of a hook failed. Safe for any thread.</summary>
    /// <param name="part">The part; the hook is the one in whose folder it stands.</param>
    /// <param name="failure">With what.</param>
    /// <param name="at">Where in it, for the log.</param>
    public void Failed(object part, Exception failure, string? at = null) => Failed(NameOf(part), failure, at);

    /// <summary>The name of the hook whose part that is, by the folder that it stands in.</summary>
    public string NameOf(object part)
    {
        var folder = part.GetType().Namespace ?? "";
        return hooks.FirstOrDefault(hook => (folder + ".").StartsWith(hook.GetType().Namespace + ".", StringComparison.Ordinal))?.Name ?? part.GetType().Name;
    }

    /// <summary>A hook failed. Safe for any thread.</summary>
    /// <param name="hook">Its name: one of the program's own, of which there are few.</param>
    /// <param name="failure">With what.</param>
    /// <param name="at">Where in it, for the log.</param>
    public void Failed(string hook, Exception failure, string? at = null)
    {
        try
        {
            Logged(hook, at, failure);
            Tell(hook, failure);
        }
        catch (Exception notTold)
        {
            NotRecorded(hook, count: 1, notTold);
        }
    }

    private void Tell(string hook, Exception failure)
    {
        metrics.Failed("capture");
        Tally? due;
        lock (_lock)
        {
            if (!_tallies.TryGetValue(hook, out var tally))
            {
                _tallies.Add(hook, tally = new Tally());
            }

            (tally.Last, tally.Failure) = (time.GetUtcNow(), failure);
            tally.Count++;
            due = tally.Timer is null && !_isDisposed ? tally : null;
            if (due is not null)
            {
                tally.Timer = Timer(hook, tally);
            }
        }

        if (due is not null)
        {
            Report(hook, due);
        }
    }

    /// <summary>Records what is counted and not recorded yet: the application stops.</summary>
    public void Report()
    {
        KeyValuePair<string, Tally>[] tallies;
        lock (_lock)
        {
            tallies = [.. _tallies];
        }

        foreach (var (hook, tally) in tallies)
        {
            Report(hook, tally);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var tally in _tallies.Values)
            {
                tally.Timer?.Dispose();
            }
        }
    }

    /// <summary>Outside of the request in which the hook failed.</summary>
    private ITimer Timer(string hook, Tally tally)
    {
        using var _ = ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow();
        return time.CreateTimer(_ => Report(hook, tally), state: null, Interval, Interval);
    }

    private void Report(string hook, Tally tally)
    {
        long count;
        Exception? failure;
        lock (_lock)
        {
            (count, failure, tally.Count) = (tally.Count, tally.Failure, 0);
            if (count == 0)
            {
                // Quiet for a minute: the next failure is an event at once again.
                tally.Timer?.Dispose();
                tally.Timer = null;
                return;
            }

            tally.Failure = null; // it may hold on to whatever the application put into it
        }

        if (failure is not null)
        {
            Record(hook, count, failure);
        }
    }

    private void Record(string hook, long count, Exception failure)
    {
        try
        {
            // Resolved late: the recorder is made of services that may fail to be made, and hooks are there before.
            services.GetRequiredService<SecurityRecorder>().TryRecord(
                SecurityEvents.AuditHookFailed(hook, count, failure.GetType().FullName ?? failure.GetType().Name)
                    .With(EventFields.StackHash, StackHash.Of(failure)));
        }
        catch (Exception notRecorded)
        {
            NotRecorded(hook, count, notRecorded);
        }
    }

    private void Logged(string hook, string? at, Exception failure)
    {
        try
        {
            Log.Failed(logger, failure, hook, at ?? "a part of it");
        }
        catch (Exception)
        {
            metrics.Failed("log"); // a provider of the application's that throws: the event tells of the failure all the same
        }
    }

    private void NotRecorded(string hook, long count, Exception failure)
    {
        try
        {
            Log.NotRecorded(logger, failure, hook, count);
        }
        catch (Exception)
        {
            metrics.Failed("log");
        }
    }

    /// <summary>The failures of one hook that are not recorded yet.</summary>
    private sealed class Tally
    {
        public long Count { get; set; }

        public DateTimeOffset Last { get; set; }

        public Exception? Failure { get; set; }

        public ITimer? Timer { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "That the hook {Hook} failed {Count} times could not be recorded.")]
        public static partial void NotRecorded(ILogger logger, Exception failure, string hook, long count);

        [LoggerMessage(2, LogLevel.Error, "The hook {Hook} failed in {At}; what it saw is not recorded, the application went on.")]
        public static partial void Failed(ILogger logger, Exception failure, string hook, string at);
    }
}
