namespace SecurityAudit.Shipping;

/// <summary>A line that the destination refused for good.</summary>
internal sealed record DeadLetter(string LogId, long Sequence, DateTimeOffset At, int Status, string Reason);
