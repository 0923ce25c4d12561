namespace SecurityAudit;

/// <summary>
/// The section <c>SecurityAudit:Response:BlockSource</c>: requests from the address of an alert, of IPv6 from its network of 64 bits, are
/// answered before authentication, for a time.
/// </summary>
/// <remarks>
/// The address is the connection's, or the one that a known proxy of <c>ForwardedHeadersOptions</c> forwards. Only a rule whose events have their
/// address in common blocks, so that nobody blocks others by their names; people who share an address share its block. What is open
/// already, a WebSocket say, stays open. 10,000 sources at most are blocked at once.
/// </remarks>
public sealed class BlockSourceOptions
{
    /// <summary>True switches it on. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// The rules whose alerts block, by their ids. Default: brute_force, password_spraying, credential_stuffing, forged_request, attack_tool and
    /// honeytoken.
    /// </summary>
    public IList<string> Rules { get; } = [];

    /// <summary>How long, from the alert on; an attack that goes on then is blocked again at its next alert or summary.</summary>
    /// <value>1 minute to 24 hours. Default: 15 minutes.</value>
    public TimeSpan Duration { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What is answered, with <c>Retry-After</c>.</summary>
    /// <value>429 or 403. Default: 429.</value>
    public int StatusCode { get; set; } = 429;

    /// <summary>
    /// True: addresses of private networks are blocked, too. Set it only where no proxy stands there that
    /// <c>ForwardedHeadersOptions</c> does not know: it would be blocked with everybody behind it. Default: false.
    /// </summary>
    public bool IncludePrivateNetworks { get; set; }
}
