namespace SecurityAudit.Elasticsearch.Kibana.Pages;

internal static class StoryPage
{
    /// <summary>Long enough for "first seen" to say that somebody is new, short enough for an engine to answer at once.</summary>
    private const string LooksBack = "now-90d";

    private static readonly Measure[] Seen = [Measure.LastSeen, Measure.FirstSeen, Measure.Count];

    public static Dashboard Dashboard { get; } = new(Dashboards.Story, "One account's or address's story",
        "Choose an account or an address above, and read what happened in its order.",
    [
        Panels.Count("Events", Queries.Events, 12),
        Panels.Distinct("Addresses", Queries.Events, "source.ip", 12),
        Panels.Distinct("Accounts", Queries.Events, "user.name", 12),
        Panels.Distinct("Programs", Queries.Events, "user_agent.original", 12),
        Panels.OverTime("What happened", Queries.Events, "event.action", 48),
        Panels.Table("Addresses in 90 days", Queries.Events + " and source.ip : *", 24, Seen, "source.ip", "user.name") with { LooksBack = LooksBack },
        Panels.Table("Programs in 90 days", Queries.Events + " and user_agent.original : *", 24, Seen, "user_agent.original") with { LooksBack = LooksBack },
        Panels.Top("Paths", Queries.Events + " and url.path : *", 24, "url.path", "event.outcome"),
        Panels.Top("Done to this account", "user.target.name : *", 24, "user.target.name", "event.action"),
        Panels.Search(Searches.Events),
    ])
    {
        Controls = ["related.user", "related.ip", "user.hash", "session.id"],
    };
}
