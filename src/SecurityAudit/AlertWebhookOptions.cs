namespace SecurityAudit;

/// <summary>One webhook, in the section <c>SecurityAudit:Alerts:Webhooks:0</c> and so on.</summary>
public sealed class AlertWebhookOptions
{
    /// <summary>
    /// The channel's name: 1 to 40 lower-case letters, digits and hyphens. Under it is remembered what was delivered.
    /// </summary>
    /// <value>Default: <c>webhook</c> for the first, <c>webhook-2</c> for the second …</value>
    public string? Name { get; set; }

    /// <summary>Where to: an absolute <c>https</c> address. Never shown but for its host: the rest may be a secret.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// The key of the signature, 16 bytes of UTF-8 at least. Needed for <see cref="AlertWebhookShape.Json"/>; Slack and Teams do not look at
    /// it. Never shown.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>What the receiver understands.</summary>
    /// <value>Default: <see cref="AlertWebhookShape.Json"/>.</value>
    public AlertWebhookShape Shape { get; set; }

    /// <summary>Alerts below it do not go there.</summary>
    /// <value>Default: Low, so all do.</value>
    public EventSeverity MinimumSeverity { get; set; } = EventSeverity.Low;

    /// <summary>
    /// True: the name may stand for an address that is not on the public Internet (loopback, private, link-local, metadata services).
    /// </summary>
    /// <value>Default: false.</value>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>True: <c>http</c> is taken, too; alerts are readable on the way.</summary>
    /// <value>Default: false.</value>
    public bool AllowPlainHttp { get; set; }
}

/// <summary>The form of a webhook's body.</summary>
public enum AlertWebhookShape
{
    /// <summary>One JSON object with all that is known of the alert.</summary>
    Json,

    /// <summary>Blocks for an incoming webhook of Slack, or what understands them.</summary>
    Slack,

    /// <summary>An Adaptive Card for a workflow of Microsoft Teams.</summary>
    Teams,
}
