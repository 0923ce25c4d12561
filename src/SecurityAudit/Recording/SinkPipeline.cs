using System.Collections.Concurrent;
using System.Numerics;
using Microsoft.Extensions.Logging;
using SecurityAudit.Metrics;
using Serilog.Core;
using Serilog.Events;

namespace SecurityAudit.Recording;

/// <summary>
/// Sinks beside the journal, behind a bounded queue and on a thread of their own: however slow or broken they are, the application does not
/// wait for them. They are made on that thread too. What finds no room is dropped; that, and what fails, is counted, logged once in a while
/// and shown in health.
/// </summary>
internal sealed partial class SinkPipeline : ILoggingFailureListener, IDisposable
{
    /// <summary>The events that may wait for the sinks.</summary>
    public const int Capacity = 10_000;

    /// <summary>The bytes, as JSON, that may wait for the sinks.</summary>
    public const long CapacityBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan TroubleLasts = TimeSpan.FromMinutes(1);

    private readonly BlockingCollection<(LogEvent Event, int Bytes)> _queue = new(Capacity);
    private readonly string _name;
    private readonly Func<ILoggingFailureListener, Logger> _make;
    private readonly AuditMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Microsoft.Extensions.Logging.ILogger _logger;
    private readonly Thread _thread;
    private long _bytes;
    private long _dropped;
    private long _failed;
    private long _troubledAt;
    private string? _problem;

    /// <param name="name">What the owner knows them by: the section, or the number of the <c>WriteTo</c>.</param>
    /// <param name="make">Makes the sinks; they report to the listener what fails in them.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of trouble.</param>
    public SinkPipeline(string name, Func<ILoggingFailureListener, Logger> make, AuditMetrics metrics, TimeProvider time, Microsoft.Extensions.Logging.ILogger logger)
    {
        (_name, _make, _metrics, _time, _logger) = (name, make, metrics, time, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = "SecurityAudit sinks " + name };
        _thread.Start();
    }

    /// <summary>What the owner knows them by.</summary>
    public string Name => _name;

    /// <summary>What is wrong with them at present, or was within the last minute; null when nothing is.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Queues an event; returns at once and never throws.</summary>
    public void Post(LogEvent logEvent, int bytes)
    {
        try
        {
            if (Interlocked.Add(ref _bytes, bytes) <= CapacityBytes && _queue.TryAdd((logEvent, bytes)))
            {
                return;
            }
        }
        catch (InvalidOperationException)
        {
            // It was completed, and perhaps disposed of: what is recorded behind the end finds no room.
        }

        Interlocked.Add(ref _bytes, -bytes);
        Dropped(1);
    }

    /// <summary>No more events come.</summary>
    public void Complete() => _queue.CompleteAdding();

    /// <summary>
    /// Waits until what is queued is written and the sinks are closed; false when that takes too long, and what is left is dropped.
    /// </summary>
    public bool Join(TimeSpan patience)
    {
        if (_thread.Join(patience))
        {
            return true;
        }

        Log.NotFlushed(_logger, _name, _queue.Count, patience.TotalSeconds);
        _metrics.SinkDropped(_name, _queue.Count);
        return false;
    }

    /// <summary>A thread that a sink still holds keeps the queue.</summary>
    public void Dispose()
    {
        Complete();
        if (!_thread.IsAlive)
        {
            _queue.Dispose();
        }
    }

    public void OnLoggingFailed(object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
    {
        if (kind != LoggingFailureKind.Temporary)
        {
            Failed(events?.Count ?? 1, exception, exception is null ? message : $"{message}: {exception.Message}");
        }
    }

    private void Run()
    {
        Logger? sinks = null;
        try
        {
            sinks = _make(this);
        }
        catch (Exception failure)
        {
            // Code and configuration of the owner's: anything may come, nothing of it may end the application.
            Volatile.Write(ref _problem, $"The sinks of {_name} could not be made: {failure.Message}");
            Log.NotMade(_logger, failure, _name);
        }

        foreach (var (logEvent, bytes) in _queue.GetConsumingEnumerable())
        {
            Interlocked.Add(ref _bytes, -bytes);
            if (sinks is null)
            {
                _metrics.SinkDropped(_name, 1);
                continue;
            }

            try
            {
                sinks.Write(logEvent);
                Recover();
            }
            catch (Exception failure)
            {
                Failed(1, failure, failure.Message);
            }
        }

        try
        {
            sinks?.Dispose();
        }
        catch (Exception failure)
        {
            Failed(1, failure, failure.Message);
        }
    }

    /// <summary>Trouble is over when events have gone well for a while.</summary>
    private void Recover()
    {
        if (_problem is not null && _time.GetElapsedTime(Interlocked.Read(ref _troubledAt)) >= TroubleLasts)
        {
            Volatile.Write(ref _problem, null);
        }
    }

    private void Dropped(long count)
    {
        _metrics.SinkDropped(_name, count);
        var total = Interlocked.Add(ref _dropped, count);
        Trouble($"The sinks of {_name} do not keep up: {total} events were dropped before them, the journal has them.");
        if (BitOperations.IsPow2(total))
        {
            Log.Dropped(_logger, _name, total);
        }
    }

    private void Failed(long count, Exception? failure, string message)
    {
        _metrics.SinkFailed(_name, count);
        var total = Interlocked.Add(ref _failed, count);
        Trouble($"The sinks of {_name} failed {total} times, the last time so: {message}");

        // A sink that fails may fail on each event: the 1st, 2nd, 4th, 8th … time is enough to know.
        if (BitOperations.Log2((ulong)total) != BitOperations.Log2((ulong)(total - count)) || total == count)
        {
            Log.Failed(_logger, failure, _name, total, message);
        }
    }

    private void Trouble(string problem)
    {
        Interlocked.Exchange(ref _troubledAt, _time.GetTimestamp());
        Volatile.Write(ref _problem, problem);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error,
            "The sinks of {Sinks} could not be made, so nothing goes to them; the journal is not touched by that. Correct what the exception names. "
            + "In a single-file application name the assemblies of the sinks: \"Using\": [ \"Serilog.Sinks.Console\" ], or add the sinks in code: "
            + "audit.WriteTo(sinks => …).")]
        public static partial void NotMade(Microsoft.Extensions.Logging.ILogger logger, Exception failure, string sinks);

        [LoggerMessage(2, LogLevel.Warning, "The sinks of {Sinks} do not keep up: {Count} events were dropped before them so far. The journal has them.")]
        public static partial void Dropped(Microsoft.Extensions.Logging.ILogger logger, string sinks, long count);

        [LoggerMessage(3, LogLevel.Warning, "The sinks of {Sinks} have failed {Count} times so far, now with: {Failure} The journal is not touched by that.")]
        public static partial void Failed(Microsoft.Extensions.Logging.ILogger logger, Exception? exception, string sinks, long count, string failure);

        [LoggerMessage(4, LogLevel.Warning, "The sinks of {Sinks} did not end within {Seconds} s; {Left} events did not reach them. The journal has them.")]
        public static partial void NotFlushed(Microsoft.Extensions.Logging.ILogger logger, string sinks, int left, double seconds);
    }
}
