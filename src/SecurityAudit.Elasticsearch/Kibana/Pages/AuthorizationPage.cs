namespace SecurityAudit.Elasticsearch.Kibana.Pages;

internal static class AuthorizationPage
{
    public static Dashboard Dashboard { get; } = new("security-audit-authorization", "Authorization and permission changes",
        "Who was denied, and who changed what somebody may do.",
    [
        Panels.Count("Denied", Queries.Denied, 12),
        Panels.Distinct("Accounts denied", Queries.Denied, "user.name", 12),
        Panels.Count("Permission changes", Queries.Changes, 12),
        Panels.Count("Account changes", Queries.Accounts, 12),
        Panels.OverTime("Denials by policy", Queries.Denied, "rule.name", 24),
        Panels.OverTime("Account and permission changes", Queries.Accounts, "event.action", 24),
        Panels.Top("Denied paths by account", Queries.Denied, 24, "user.name", "url.path"),
        Panels.Top("Why access was denied", Queries.Denied, 24, "rule.name", "event.reason"),
        Panels.Top("Who changed whom", Queries.Changes, 24, "user.name", "user.target.name"),
        Panels.Top("Kinds of change", Queries.Changes, 24, "security_audit.change.kind", "security_audit.change.after"),
        Panels.Search(Searches.Changes),
        Panels.Search(Searches.Denials),
    ]);
}
