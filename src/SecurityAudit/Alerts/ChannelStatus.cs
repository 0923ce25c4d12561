namespace SecurityAudit.Alerts;

/// <summary>How a channel does.</summary>
/// <param name="Failures">Attempts that failed since the last that did not.</param>
/// <param name="FailingSince">When the first of them was; null when the last attempt did not fail.</param>
/// <param name="Problem">What the last failure said.</param>
/// <param name="Delivered">Alerts delivered by this process.</param>
/// <param name="GivenUp">Alerts given up by this process.</param>
internal sealed record ChannelStatus(int Failures, DateTimeOffset? FailingSince, string? Problem, long Delivered, long GivenUp)
{
    public static ChannelStatus New { get; } = new(0, null, null, 0, 0);
}
