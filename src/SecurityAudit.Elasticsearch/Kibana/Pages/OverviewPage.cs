namespace SecurityAudit.Elasticsearch.Kibana.Pages;

internal static class OverviewPage
{
    public static Dashboard Dashboard { get; } = new("security-audit-overview", "Overview", "What happened, and how bad it was.",
    [
        Panels.Count("Events", Queries.Events, 8),
        Panels.Count("Alerts", Queries.Alerts, 8),
        Panels.Count("Attack events", Queries.Attacks, 8),
        Panels.Count("Failed sign-ins", Queries.Failed, 8),
        Panels.Count("Denied", Queries.Denied, 8),
        Panels.Count("Permission changes", Queries.Changes, 8),
        Panels.OverTime("Events by severity", Queries.Events + " and event.severity : *", "event.severity", 48),
        Panels.Top("Events by name", Queries.Events, 16, "event.action"),
        Panels.Table("Busiest addresses", Queries.Events + " and source.ip : *", 16, [Measure.Count, Measure.LastSeen], "source.ip"),
        Panels.Top("Exceptions by type", Queries.Exceptions, 16, "error.type"),
        Panels.Top("By application", Queries.Events, 16, "service.name", "service.version"),
        Panels.Top("By machine", Queries.Events, 16, "host.name"),
        Panels.Top("By outcome", Queries.Events, 16, "event.outcome"),
        Panels.Search(Searches.Events),
    ]);
}
