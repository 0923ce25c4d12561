namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>What somebody wants to see at three in the morning.</summary>
internal static class Dashboards
{
    private const string Failed = "event.action : (\"authn_login_fail\" or \"authn_login_fail_max\" or \"authn_login_lock\" or \"authn_mfa_fail\" or "
        + "\"authn_external_login_fail\")";
    private const string SignIns = "event.action : (\"authn_login_success\" or \"authn_login_successafterfail\" or \"authn_login_fail\" or \"authn_login_fail_max\" or "
        + "\"authn_external_login_fail\")";
    private const string SignedIn = "event.action : (\"authn_login_success\" or \"authn_login_successafterfail\")";
    private const string Denied = "event.action : \"authz_fail\"";
    private const string Changes = "event.category : \"iam\" and security_audit.change.kind : *";
    private const string Accounts = "event.category : \"iam\"";
    private const string Attacks = "event.category : \"intrusion_detection\" and event.kind : \"event\"";
    private const string Alerts = "event.kind : \"alert\"";
    private const string Errors = "event.action : \"app_exception\"";
    private const string OwnLines = "event.action : (\"journal.opened\" or \"journal.checkpoint\" or \"journal.recovered\" or \"journal.gap\" or "
        + "\"journal.closed\" or \"journal.pruned\" or \"journal.key_changed\" or \"journal.copied\")";
    private const string Troubles = "event.action : (\"journal.gap\" or \"journal.recovered\" or \"journal.copied\" or \"audit_tampered\" or \"audit_gap\" or "
        + "\"audit_shipping_stalled\" or \"audit_shipping_refused\" or \"audit_shipping_doubtful\" or \"audit_shipping_gap\" or \"sys_monitor_disabled\")";
    private const string Events = "not event.action : \"journal.checkpoint\"";

    public static IReadOnlyList<SavedSearch> Searches { get; } =
    [
        new("security-audit-search-events", "Security events", "Everything, newest first, less the journal's own checkpoints.", Events,
            ["event.action", "event.outcome", "event.severity", "user.name", "user.target.name", "source.ip", "message"]),
        new("security-audit-search-signins", "Failed sign-ins", "Who failed to sign in, from where, and why.", Failed,
            ["event.action", "user.name", "user.hash", "source.ip", "user_agent.original", "event.reason"]),
        new("security-audit-search-changes", "Permission changes", "What somebody could do before and after.", Changes,
            ["event.action", "user.name", "user.target.name", "security_audit.change.kind", "security_audit.change.before", "security_audit.change.after"]),
        new("security-audit-search-denials", "Denied access", "Who was denied what, and by which policy.", Denied,
            ["user.name", "source.ip", "http.request.method", "url.path", "rule.name", "event.reason"]),
        new("security-audit-search-alerts", "Alerts", "What detection raised.", Alerts,
            ["rule.name", "event.severity", "user.name", "source.ip", "event.reason", "message"]),
        new("security-audit-search-integrity", "The audit's own troubles", "Gaps, recoveries, tampering, and shipping that stood still.", Troubles,
            ["event.action", "journal.id", "security_audit.journal.dropped", "security_audit.journal.reason", "event.reason", "host.name"]),
    ];

    public static IReadOnlyList<Dashboard> All { get; } =
    [
        new("security-audit-overview", "[Security Audit] Overview", "What happened, how bad it was, and whether it is unusual.",
        [
            Count("Events", Events, 8),
            Count("Failed sign-ins", Failed, 8),
            Count("Denied", Denied, 8),
            Count("Permission changes", Changes, 8),
            Count("Attacks", Attacks, 8),
            Count("Alerts", Alerts, 8),
            OverTime("Events by severity", Events, "event.severity", 48),
            Top("Events by name", Events, 16, "event.action"),
            Top("Busiest sources", Events + " and source.ip : *", 16, "source.ip"),
            Top("Exceptions by type", Errors, 16, "error.type"),
            Top("By service", Events, 16, "service.name", "service.version"),
            Top("By host", Events, 16, "host.name"),
            Top("By outcome", Events, 16, "event.outcome"),
            Search("security-audit-search-events"),
        ]),
        new("security-audit-authentication", "[Security Audit] Authentication", "Who signs in, who fails to, and from where.",
        [
            Count("Signed in", SignedIn, 12),
            Count("Failed", Failed, 12),
            Distinct("Sources that failed", Failed, "source.ip", 12),
            Distinct("Names that failed", Failed, "user.name", 12),
            OverTime("Failed sign-ins by source", Failed, "source.ip", 24),
            OverTime("Sign-ins by outcome", SignIns, "event.outcome", 24),
            FirstSeen("First-seen sources of sign-ins", SignedIn, 24, "source.ip", "user.name"),
            Top("Failed names by source", Failed, 24, "source.ip", "user.name"),
            Top("Why sign-ins failed", Failed, 16, "event.reason"),
            Top("Locked accounts", "event.action : \"authn_login_lock\"", 16, "user.target.name"),
            Top("Schemes", SignIns + " and security_audit.authn.scheme : *", 16, "security_audit.authn.scheme"),
            Top("Countries", "event.category : \"authentication\" and source.geo.country_iso_code : *", 16, "source.geo.country_iso_code"),
            OverTime("Second factor", "event.action : (\"authn_mfa_challenge\" or \"authn_mfa_success\" or \"authn_mfa_fail\")", "event.action", 16),
            OverTime("Sessions", "event.category : \"session\"", "event.action", 16),
            Search("security-audit-search-signins"),
        ]),
        new("security-audit-authorization", "[Security Audit] Authorization and permission changes", "Who was denied, and who may do more than yesterday.",
        [
            Count("Denied", Denied, 12),
            Distinct("Users denied", Denied, "user.name", 12),
            Count("Permission changes", Changes, 12),
            Count("Account changes", Accounts, 12),
            OverTime("Denials by policy", Denied, "rule.name", 24),
            OverTime("Account and permission changes", Accounts, "event.action", 24),
            Top("Denied paths by user", Denied, 24, "user.name", "url.path"),
            Top("Why access was denied", Denied, 24, "rule.name", "event.reason"),
            Top("Who changed whom", Changes, 24, "user.name", "user.target.name"),
            Top("Kinds of change", Changes, 24, "security_audit.change.kind", "security_audit.change.after"),
            Search("security-audit-search-changes"),
            Search("security-audit-search-denials"),
        ]),
        new("security-audit-attacks", "[Security Audit] Attacks and alerts", "What looks like an attack, and what detection made of it.",
        [
            Count("Alerts", Alerts, 12),
            Count("Attack events", Attacks, 12),
            Distinct("Attacking sources", Attacks, "source.ip", 12),
            Count("Rate limits hit", "event.action : \"excess_rate_limit_exceeded\"", 12),
            OverTime("Alerts by rule", Alerts, "rule.name", 24),
            OverTime("Attacks by kind", Attacks, "event.action", 24),
            Top("Alerts by rule", Alerts, 24, "rule.name", "event.severity"),
            Top("Sources and what they did", Attacks, 24, "source.ip", "event.action"),
            Top("Probed paths", Attacks + " and url.path : *", 24, "url.path", "source.ip"),
            Top("Attack tools and agents", Attacks + " and user_agent.original : *", 24, "user_agent.original"),
            Top("Techniques", Alerts + " and threat.technique.id : *", 24, "threat.technique.id", "threat.technique.name"),
            Top("Exceptions by type", Errors, 24, "error.type", "security_audit.error.stack_hash"),
            Search("security-audit-search-alerts"),
        ]),
        new("security-audit-integrity", "[Security Audit] Integrity and health of the audit", "Is the audit itself whole, complete and alive?",
        [
            Count("Checkpoints", "event.action : \"journal.checkpoint\"", 12),
            Count("Gaps and troubles", Troubles, 12),
            Distinct("Logs", "journal.id : *", "journal.id", 12),
            Count("Events that the engine refused", "security_audit.shipping.envelope : true", 12),
            OverTime("Checkpoints by log (silence is an alarm)", "event.action : \"journal.checkpoint\"", "journal.id", 24),
            OverTime("The journal's own lines", OwnLines, "event.action", 24),
            Largest("Newest sequence number by log", "journal.id : *", "event.sequence", "journal.id", 24),
            MostDistinct("Forks: sequence numbers with more than one line (1: none)", "journal.id : *", "event.hash", 24, "journal.id", "event.sequence"),
            Top("Who writes which log", "event.action : \"journal.opened\"", 24, "journal.id", "security_audit.journal.host"),
            Top("Starts and stops", "event.action : (\"sys_startup\" or \"sys_shutdown\" or \"sys_restart\" or \"sys_crash\")", 24, "host.name", "event.action"),
            Top("Not covered", "security_audit.coverage.missing : *", 16, "security_audit.coverage.missing"),
            Top("Redaction that failed", "security_audit.redaction : *", 16, "security_audit.redaction", "event.action"),
            Top("Monitors switched off", "event.action : \"sys_monitor_disabled\"", 16, "host.name", "user.name"),
            Search("security-audit-search-integrity"),
        ]),
        new("security-audit-story", "[Security Audit] One user's or address's story", "Choose a user or an address above, and read what happened in its order.",
        [
            Count("Events", Events, 12),
            Distinct("Addresses", Events, "source.ip", 12),
            Distinct("Users", Events, "user.name", 12),
            Distinct("Browsers and programs", Events, "user_agent.original", 12),
            OverTime("What happened", Events, "event.action", 48),
            FirstSeen("Addresses, newest first", Events + " and related.ip : *", 24, "source.ip", "user.name"),
            FirstSeen("Programs, newest first", Events + " and user_agent.original : *", 24, "user_agent.original"),
            Top("Pages", Events + " and url.path : *", 24, "url.path", "http.response.status_code"),
            Top("Done to this user", "user.target.name : *", 24, "user.target.name", "event.action"),
            Search("security-audit-search-events"),
        ])
        {
            Controls = [("related.user", "User"), ("related.ip", "Address"), ("user.name", "Acting user"), ("source.ip", "Source")],
        },
    ];

    private static Panel Count(string title, string query, int width) => new(title, PanelKind.Count, query, [], width, 6);

    private static Panel Distinct(string title, string query, string field, int width) => new(title, PanelKind.Distinct, query, [field], width, 6);

    private static Panel OverTime(string title, string query, string field, int width) => new(title, PanelKind.OverTime, query, [field], width, 11);

    private static Panel Top(string title, string query, int width, params string[] fields) => new(title, PanelKind.Top, query, fields, width, 12);

    private static Panel FirstSeen(string title, string query, int width, params string[] fields) => new(title, PanelKind.FirstSeen, query, fields, width, 12);

    private static Panel Largest(string title, string query, string number, string field, int width) => new(title, PanelKind.Largest, query, [field, number], width, 12);

    private static Panel MostDistinct(string title, string query, string counted, int width, params string[] fields) =>
        new(title, PanelKind.MostDistinct, query, [.. fields, counted], width, 12);

    private static Panel Search(string id)
    {
        var search = Searches.First(item => item.Id == id);
        return new Panel(search.Title, PanelKind.Search, search.Query, [], 48, 18) { Search = id };
    }
}
