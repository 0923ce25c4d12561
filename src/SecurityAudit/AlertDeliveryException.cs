namespace SecurityAudit;

/// <summary>
/// An alert was not delivered. The message is shown in the log, in health and in the journal: it says what was found, what was expected and
/// what to do, and holds no secret, no address with a token and nothing that the receiver wrote.
/// </summary>
public sealed class AlertDeliveryException : IOException
{
    /// <summary>Creates it without a word.</summary>
    public AlertDeliveryException()
    {
    }

    /// <summary>Creates it with what is shown.</summary>
    public AlertDeliveryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with what is shown and what is only logged for a developer.</summary>
    public AlertDeliveryException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>When the receiver asked to be tried again; honoured up to ten minutes.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// True where the receiver refused this very message and may take the next: after ten refusals it is set aside, which is an event.
    /// </summary>
    public bool IsRefusal { get; init; }
}
