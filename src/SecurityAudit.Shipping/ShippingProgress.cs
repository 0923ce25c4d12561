namespace SecurityAudit.Shipping;

/// <summary>When shipping got on last (or had nothing to do), and since when the oldest event waits that is not settled.</summary>
internal sealed record ShippingProgress(DateTimeOffset At, DateTimeOffset? Oldest);
