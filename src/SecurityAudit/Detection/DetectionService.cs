using System.Numerics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Fields;
using SecurityAudit.Metrics;

namespace SecurityAudit.Detection;

/// <summary>Hands recorded events to the detectors and records the alerts that they raise.</summary>
/// <remarks>
/// Fails open and loudly: a rule that throws is counted and logged, events that were not watched are counted and recorded, the loop goes
/// on.
/// </remarks>
internal sealed partial class DetectionService(
    DetectionQueue queue,
    IEnumerable<IDetector> detectors,
    ISecurityAudit audit,
    AuditMetrics metrics,
    TimeProvider time,
    ILogger<DetectionService> logger) : BackgroundService
{
    public static readonly TimeSpan ReviewInterval = TimeSpan.FromMinutes(1);

    private readonly IDetector[] _detectors = [.. detectors];
    private long _failures;

    /// <summary>How often a rule, or the recording of what it found, has failed.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!queue.IsEnabled)
        {
            return;
        }

        using var clock = time.CreateTimer(state => ((DetectionQueue)state!).RequestReview(), queue, ReviewInterval, ReviewInterval);
        try
        {
            await foreach (var recorded in queue.Events.ReadAllAsync(stoppingToken))
            {
                Take(recorded);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was recorded before the stop is still watched.
            while (queue.Events.TryRead(out var recorded))
            {
                Take(recorded);
            }

            ReportDropped();
        }
    }

    private void Take(SecurityEvent? recorded)
    {
        foreach (var detector in _detectors)
        {
            try
            {
                Raise(recorded is null ? detector.Review() : detector.Observe(recorded));
            }
            catch (Exception failure)
            {
                Failed(detector, failure);
            }
        }

        if (recorded is null)
        {
            ReportDropped();
        }
    }

    private void Raise(IReadOnlyList<Alert> alerts)
    {
        foreach (var alert in alerts)
        {
            var raised = alert.ToEvent();
            Log.Raised(logger, alert.Rule.Name, raised.Message);
            audit.Record(raised);
        }
    }

    private void ReportDropped()
    {
        if (queue.TakeDropped() is var dropped and > 0)
        {
            Log.Dropped(logger, dropped);
            try
            {
                audit.Record(new SecurityEvent("audit_gap", ["intrusion_detection"], ["info"])
                {
                    Outcome = EventOutcome.Failure,
                    Severity = EventSeverity.High,
                    Reason = "detection could not keep up",
                    Message = $"Detection could not keep up: {dropped} events were recorded and not watched.",
                }.With(AlertFields.Unwatched, dropped));
            }
            catch (Exception failure)
            {
                Failed(this, failure);
            }
        }
    }

    private void Failed(object where, Exception failure)
    {
        metrics.Failed("detection");

        // A rule that fails may fail on each event of a storm: the 1st, 2nd, 4th, 8th … time is enough to know.
        if (BitOperations.IsPow2(Interlocked.Increment(ref _failures)))
        {
            Log.Failed(logger, failure, where.GetType().Name, Failures);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Rule}: {Sentence}")]
        public static partial void Raised(ILogger logger, string rule, string? sentence);

        [LoggerMessage(2, LogLevel.Error, "Detection could not keep up: {Count} events were recorded and not watched.")]
        public static partial void Dropped(ILogger logger, long count);

        [LoggerMessage(3, LogLevel.Error, "Detection failed in {Detector} and goes on; failures so far: {Count}.")]
        public static partial void Failed(ILogger logger, Exception failure, string detector, long count);
    }
}
