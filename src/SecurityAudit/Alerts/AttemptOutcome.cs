namespace SecurityAudit.Alerts;

internal enum AttemptOutcome
{
    /// <summary>The receiver has it.</summary>
    Delivered,

    /// <summary>It is to be tried again.</summary>
    Failed,

    /// <summary>The receiver does not want this very message, however often it is asked.</summary>
    Refused,
}
