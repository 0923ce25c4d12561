using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;
using SecurityAudit.Metrics;
using SecurityAudit.Opening;
using SecurityAudit.Recording;

namespace SecurityAudit.Detection.Following;

/// <summary>From the journal's opening to its end: catches up, judges what becomes durable, looks at the clock, and keeps its place.</summary>
internal sealed partial class DetectionRun(
    JournalWriter writer, ProgressFile<DetectionState> file, LogFollower follower, SecurityRecorder recorder, JournalTroubles troubles, ClockSteps steps,
    AuditMetrics metrics, TimeProvider time, Action<string, Exception> failed, ILogger logger)
{
    public static readonly TimeSpan ReviewInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private long _behind;

    /// <summary>Lines that are durable and not yet judged. Safe for any thread.</summary>
    public long Behind => Interlocked.Read(ref _behind);

    /// <summary>Until the application stops, or the journal is closed; then what was recorded before is judged still.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        try
        {
            await FollowAsync(stoppingToken);
        }
        catch (Exception end) when (end is ObjectDisposedException || stoppingToken.IsCancellationRequested)
        {
            await EndAsync();
        }
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        follower.CatchUp(stoppingToken);
        await SaveAsync(stoppingToken);
        var saved = follower.Position;
        var (reviewed, savedAt) = (time.GetTimestamp(), time.GetTimestamp());
        while (true)
        {
            Interlocked.Exchange(ref _behind, follower.Read(stoppingToken));
            if (time.GetElapsedTime(reviewed) >= ReviewInterval)
            {
                reviewed = time.GetTimestamp();
                Review();
            }

            if (time.GetElapsedTime(savedAt) >= SaveInterval && follower.Position != saved)
            {
                (saved, savedAt) = (follower.Position, time.GetTimestamp());
                await SaveAsync(stoppingToken);
            }

            await WaitAsync(stoppingToken);
        }
    }

    private async Task EndAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(StopPatience);
            await writer.FlushAsync(patience.Token);
            follower.CatchUp(patience.Token);
            follower.Read(patience.Token);
            Review();
            await SaveAsync(patience.Token);
        }
        catch (Exception failure) when (failure is JournalUnavailableException or ObjectDisposedException or OperationCanceledException)
        {
            failed("the journal", failure); // what was not judged is judged at the next start
        }
    }

    private void Review()
    {
        if (steps.Look() is { } step)
        {
            recorder.TryRecord(SecurityEvents.AuditClockStepped(step));
        }

        // One that the journal does not take, because that is what is wrong, stays.
        while (troubles.Next is { } trouble && recorder.TryRecord(SecurityEvents.AuditJournalTrouble(trouble.Kind.ToString(), trouble.Message)))
        {
            troubles.Recorded();
        }

        if (follower.TakeSkipped() is var skipped and > 0)
        {
            Log.Skipped(logger, skipped);
            recorder.TryRecord(SecurityEvents.AuditGap(skipped));
        }

        if (follower.TakeDisplaced() is var displaced and > 0)
        {
            metrics.Forgot("detection", displaced);
        }

        follower.Review();
    }

    /// <summary>What was found up to the place that is saved is on the disk before the place is.</summary>
    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (follower.HasUnrecorded)
        {
            return; // it is found again at the next start
        }

        try
        {
            var state = follower.State();
            await writer.FlushAsync(cancellationToken);
            file.Save(state);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JournalUnavailableException)
        {
            failed("the saving of its state", failure);
        }
    }

    /// <summary>Until more is durable, or it is time to look at the clock.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var interval = new CancellationTokenSource(ReviewInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interval.Token);
        try
        {
            await writer.WaitForDurableAsync(follower.DurableRead, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return; // nothing new, and time to look at the clock
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Detection did not see {Count} lines of the journal: they were damaged, or removed before they were read.")]
        public static partial void Skipped(ILogger logger, long count);
    }
}
