namespace SecurityAudit.Shipping;

/// <summary>Lines that were to be shipped and that the journal did not have any more.</summary>
internal sealed record SkippedRange(long From, long To, DateTimeOffset At);
