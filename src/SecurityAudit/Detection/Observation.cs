namespace SecurityAudit.Detection;

/// <summary>What a rule remembers of one event.</summary>
internal readonly record struct Observation(DateTimeOffset At, string Value, string? EventId);
