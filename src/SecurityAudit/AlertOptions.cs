namespace SecurityAudit;

/// <summary>The section <c>SecurityAudit:Alerts</c>: how alerts are delivered.</summary>
public sealed class AlertOptions
{
    /// <summary>Receivers of signed HTTP requests. Default: none.</summary>
    public IList<AlertWebhookOptions> Webhooks { get; } = [];

    /// <summary>How long one delivery may take.</summary>
    /// <value>1 second to 5 minutes. Default: 10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// When more than this many alerts wait for a channel they go as one digest, and no channel gets more messages than this in a minute.
    /// </summary>
    /// <value>1 to 1,000. Default: 20.</value>
    public int DigestAbove { get; set; } = 20;

    /// <summary>
    /// An alert that a channel has not taken by then is set aside for it, which is an event (<c>audit_alert_undelivered</c>); the journal
    /// keeps it. Until then retention leaves it where it is, so a channel that is dead for ever holds the journal for this long, not for
    /// ever.
    /// </summary>
    /// <value>1 hour to 90 days. Default: 7 days.</value>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(7);
}
