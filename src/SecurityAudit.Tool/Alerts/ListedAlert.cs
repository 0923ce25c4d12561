using System.Collections.Immutable;
using SecurityAudit.Alerts;

namespace SecurityAudit.Tool.Alerts;

/// <summary>One attack as the journal has it: how it was told first, what it came to, and on which channels.</summary>
internal sealed record ListedAlert(AlertNotification Raised, AlertStage Stage, ImmutableArray<(string Channel, DeliveryState State, DateTimeOffset? At, string? Problem)> Channels)
{
    public static ListedAlert Of(AlertNotification raised, IEnumerable<DeliveryRecord> records) => new(
        raised,
        AlertStage.Raised,
        [
            .. records.Select(record => (
                record.Channel,
                record.StateOf(raised),
                record.Recent.FirstOrDefault(range => range.From <= raised.Sequence && raised.Sequence <= range.To)?.At,
                record.Problem)),
        ]);

    /// <summary>Is there a channel that does not take it?</summary>
    public bool NeedsAttention => Channels.Any(channel => channel.State == DeliveryState.GivenUp || (channel.State == DeliveryState.Waiting && channel.Problem is not null));

    public static string Word(AlertStage stage) => stage switch
    {
        AlertStage.Raised => "raised",
        AlertStage.Summary => "goes on",
        _ => "resolved",
    };

    public static string Word(DeliveryState state) => state switch
    {
        DeliveryState.Delivered => "delivered",
        DeliveryState.Digest => "delivered in a digest",
        DeliveryState.Waiting => "waiting",
        DeliveryState.GivenUp => "given up",
        DeliveryState.Older => "older than the channel",
        _ => "below the channel's severity",
    };
}
