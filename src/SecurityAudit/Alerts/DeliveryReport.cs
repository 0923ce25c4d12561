using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Alerts;

/// <summary>
/// Tells of a channel that does not deliver: in the log at once, in the journal when it is more than a stumble, and again each hour that it
/// lasts. From the journal the other channels have it.
/// </summary>
internal sealed partial class DeliveryReport(Lazy<ISecurityAudit> audit, ILogger<DeliveryReport> logger)
{
    private const int Stumbles = 3;
    private const int MostIds = 20;
    private static readonly TimeSpan PatienceOf = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SaidAgainAfter = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _said = new(StringComparer.Ordinal);

    public void Delivered(string channel, AlertDelivery delivery, ChannelStatus before)
    {
        if (_said.TryRemove(channel, out _))
        {
            Log.Resumed(logger, channel, before.Failures);
        }

        Log.Delivered(logger, delivery.Id, channel);
    }

    public void Failed(string channel, AlertDelivery delivery, Exception failure, ChannelStatus status, long waiting, DateTimeOffset now)
    {
        if (System.Numerics.BitOperations.IsPow2(status.Failures))
        {
            Log.Failed(logger, channel, status.Problem, status.Failures, waiting);
            Log.Detail(logger, channel, failure.GetType(), failure.StackTrace);
        }

        var isNews = _said.TryGetValue(channel, out var last) ? now - last >= SaidAgainAfter || last > now : IsMoreThanAStumble(status, now);
        if (isNews)
        {
            _said[channel] = now;
            var ids = delivery.Alert is { } alert ? [alert.Id] : delivery.Digest!.Worst.Select(worst => worst.Id);
            Record(SecurityEvents.AuditAlertUndelivered(channel, "waiting", waiting, Few(ids), status.Problem!));
        }
    }

    public void GaveUp(string channel, long count, IEnumerable<string> ids, string reason)
    {
        Log.GaveUp(logger, count, channel, reason);
        Record(SecurityEvents.AuditAlertUndelivered(channel, "given_up", count, Few(ids), reason));
    }

    public void Skipped(string channel, string logId, long lines)
    {
        Log.Skipped(logger, lines, logId, channel);
        Record(SecurityEvents.AuditAlertUndelivered(channel, "skipped", lines, [], $"lines of log {logId} were gone or damaged before they were read"));
    }

    public void NotRemembered(string channel, Exception failure) => Log.NotRemembered(logger, failure, channel);

    public void Forgotten(string channel, Exception failure) => Log.Forgotten(logger, failure, channel);

    public void Interrupted(string channel, Exception failure) => Log.Interrupted(logger, failure, channel);

    public void NoRoom(string channel, long count) => Log.NoRoom(logger, count, channel);

    private static bool IsMoreThanAStumble(ChannelStatus status, DateTimeOffset now) => status.Failures >= Stumbles || now - status.FailingSince >= PatienceOf;

    private static ImmutableArray<string> Few(IEnumerable<string> ids) => [.. ids.Distinct(StringComparer.Ordinal).Take(MostIds)];

    /// <summary>A journal that refuses is not to end the delivery, which may be what gets it out of its trouble.</summary>
    private void Record(SecurityEvent told)
    {
        try
        {
            audit.Value.Record(told);
        }
        catch (IOException refusal)
        {
            Log.NotRecorded(logger, refusal);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The alert channel {Channel} did not deliver: {Problem} Failures in a row: {Failures}; alerts that wait: {Waiting}. It is tried again.")]
        public static partial void Failed(ILogger logger, string channel, string? problem, int failures, long waiting);

        // Not the exception itself: its message may hold what the channel keeps secret.
        [LoggerMessage(2, LogLevel.Debug, "The alert channel {Channel} failed with {Type}: {Stack}")]
        public static partial void Detail(ILogger logger, string channel, Type type, string? stack);

        [LoggerMessage(3, LogLevel.Information, "The alert channel {Channel} delivers again, after {Failures} failures.")]
        public static partial void Resumed(ILogger logger, string channel, int failures);

        [LoggerMessage(4, LogLevel.Debug, "{Delivery} was delivered on the alert channel {Channel}.")]
        public static partial void Delivered(ILogger logger, string delivery, string channel);

        [LoggerMessage(5, LogLevel.Critical, "{Count} alerts are not delivered on the alert channel {Channel} any more: {Reason} The journal has them.")]
        public static partial void GaveUp(ILogger logger, long count, string channel, string reason);

        [LoggerMessage(6, LogLevel.Critical,
            "{Lines} lines of log {LogId} were gone or damaged before the alert channel {Channel} had read them; alerts may have been among them.")]
        public static partial void Skipped(ILogger logger, long lines, string logId, string channel);

        [LoggerMessage(7, LogLevel.Warning,
            "What the alert channel {Channel} has delivered could not be noted; should the process end now, it is delivered again. "
            + "Look at the volume of the journal.")]
        public static partial void NotRemembered(ILogger logger, Exception failure, string channel);

        [LoggerMessage(8, LogLevel.Warning, "What the alert channel {Channel} had delivered cannot be read; the alerts of the last day are delivered again.")]
        public static partial void Forgotten(ILogger logger, Exception failure, string channel);

        [LoggerMessage(9, LogLevel.Warning, "The journal could not be read for the alert channel {Channel}; it is tried again.")]
        public static partial void Interrupted(ILogger logger, Exception failure, string channel);

        [LoggerMessage(10, LogLevel.Critical, "{Count} alerts that could not be recorded found no room on the alert channel {Channel} and are lost but for this log.")]
        public static partial void NoRoom(ILogger logger, long count, string channel);

        [LoggerMessage(11, LogLevel.Error, "That alerts are not delivered could not be recorded.")]
        public static partial void NotRecorded(ILogger logger, Exception refusal);
    }
}
