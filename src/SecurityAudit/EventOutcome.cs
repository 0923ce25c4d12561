namespace SecurityAudit;

/// <summary>ECS <c>event.outcome</c>, seen from the one who acted.</summary>
public enum EventOutcome
{
    /// <summary>What was attempted happened.</summary>
    Success,

    /// <summary>What was attempted did not happen.</summary>
    Failure,

    /// <summary>Whether it happened cannot be told.</summary>
    Unknown,
}
