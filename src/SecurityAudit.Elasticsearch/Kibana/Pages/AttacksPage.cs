namespace SecurityAudit.Elasticsearch.Kibana.Pages;

internal static class AttacksPage
{
    /// <summary>Of each attack the newest word: what it is, how bad, what it says and what to do, and whether it is over.</summary>
    private static readonly Measure[] Standing =
    [
        Measure.LastSeen, Measure.LastValue("security_audit.alert.stage"), Measure.LastValue("rule.name"), Measure.LastValue("event.severity"),
        Measure.LastValue("message"), Measure.LastValue("security_audit.alert.advice"),
    ];

    public static Dashboard Dashboard { get; } = new("security-audit-attacks", "Attacks and alerts", "What looks like an attack, and what detection made of it.",
    [
        Panels.Count("Alerts", Queries.Alerts, 12),
        Panels.Count("Attack events", Queries.Attacks, 12),
        Panels.Distinct("Attacking addresses", Queries.Attacks, "source.ip", 12),
        Panels.Count("Rate limits hit", Queries.RateLimits, 12),
        Panels.Table("Alerts, and how they stand now", Queries.AlertStages, 48, Standing, "security_audit.alert.id"),
        Panels.OverTime("Alerts by rule", Queries.Alerts, "rule.name", 24),
        Panels.OverTime("Attacks by kind", Queries.Attacks, "event.action", 24),
        Panels.Table("Alerts by rule and severity", Queries.Alerts + " and event.severity : *", 24, [Measure.Count, Measure.LastSeen], "rule.name", "event.severity"),
        Panels.Table("Addresses and what they did", Queries.Attacks + " and source.ip : *", 24, [Measure.Count, Measure.LastSeen], "source.ip", "event.action"),
        Panels.Top("Probed paths", Queries.Attacks + " and url.path : *", 24, "url.path", "event.action"),
        Panels.Top("Attack tools and programs", Queries.Attacks + " and user_agent.original : *", 24, "user_agent.original", "event.action"),
        Panels.Top("Techniques", Queries.Alerts, 24, "threat.technique.name"),
        Panels.Top("Exceptions by origin", Queries.Exceptions, 24, "error.type", "security_audit.error.stack_hash"),
        Panels.Search(Searches.Alerts),
    ]);
}
