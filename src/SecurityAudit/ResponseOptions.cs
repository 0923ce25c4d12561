namespace SecurityAudit;

/// <summary>
/// The section <c>SecurityAudit:Response</c>: what is done about an alert. All of it is off by default, recorded when it happens, and over by
/// itself. Read once, when the host starts.
/// </summary>
public sealed class ResponseOptions
{
    /// <summary>
    /// True: what would be done is recorded (<c>response_dry_run</c>), and nothing is done; the application's own
    /// <see cref="IAlertResponse"/> is not called. Default: false.
    /// </summary>
    public bool DryRun { get; set; }

    /// <summary>
    /// Addresses or networks that are never blocked, beside those of <see cref="DetectionSettings.Exceptions"/>, loopback, and the known proxies
    /// of <c>ForwardedHeadersOptions</c>: <c>198.51.100.7</c>, <c>10.0.0.0/8</c>. Default: none.
    /// </summary>
    public IList<string> NeverBlock { get; } = [];

    /// <summary>Requests from an attacker's address are refused for a time.</summary>
    public BlockSourceOptions BlockSource { get; } = new();

    /// <summary>The sessions of an account that is used by somebody else are ended.</summary>
    public EndSessionsOptions EndSessions { get; } = new();
}
