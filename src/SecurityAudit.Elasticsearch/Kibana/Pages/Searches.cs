namespace SecurityAudit.Elasticsearch.Kibana.Pages;

/// <summary>Lists of events, the newest first.</summary>
internal static class Searches
{
    public const string Events = "security-audit-search-events";
    public const string SignIns = "security-audit-search-signins";
    public const string Changes = "security-audit-search-changes";
    public const string Denials = "security-audit-search-denials";
    public const string Alerts = "security-audit-search-alerts";
    public const string Integrity = "security-audit-search-integrity";

    public static IReadOnlyList<SavedSearch> All { get; } =
    [
        new(Events, "Security events", "Everything, newest first, less the journal's own checkpoints.", Queries.Events,
            ["event.action", "event.outcome", "event.severity", "user.name", "user.target.name", "source.ip", "message"]),
        new(SignIns, "Failed sign-ins", "Who failed to sign in, from where, and why.", Queries.Failed,
            ["event.action", "user.name", "user.hash", "source.ip", "user_agent.original", "event.reason"]),
        new(Changes, "Permission changes", "What somebody could do before and after.", Queries.Changes,
            ["event.action", "user.name", "user.target.name", "security_audit.change.kind", "security_audit.change.before", "security_audit.change.after"]),
        new(Denials, "Denied access", "Who was denied what, and by which policy.", Queries.Denied,
            ["user.name", "source.ip", "http.request.method", "url.path", "rule.name", "event.reason"]),
        new(Alerts, "Alerts", "What detection raised, each attack once.", Queries.Alerts,
            ["rule.name", "event.severity", "source.ip", "user.name", "message", "security_audit.alert.advice", "security_audit.alert.query"]),
        new(Integrity, "The audit's own troubles" + Panels.Quiet, "Gaps, recoveries, tampering, and shipping that stood still.", Queries.Troubles,
            ["event.action", "journal.id", "security_audit.journal.dropped", "security_audit.journal.reason", "event.reason", "host.name"]),
    ];
}
