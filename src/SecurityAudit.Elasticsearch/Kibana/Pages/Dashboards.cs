namespace SecurityAudit.Elasticsearch.Kibana.Pages;

/// <summary>What somebody wants to see at three in the morning.</summary>
internal static class Dashboards
{
    /// <summary>Where an address's or an account's events are read in their order.</summary>
    public const string Story = "security-audit-story";

    public static IReadOnlyList<Dashboard> All { get; } =
        [OverviewPage.Dashboard, AuthenticationPage.Dashboard, AuthorizationPage.Dashboard, AttacksPage.Dashboard, IntegrityPage.Dashboard, StoryPage.Dashboard];

    /// <summary>The list of pages at the top of each. Both products take the end of an address for a dashboard's, in every space.</summary>
    public static Panel Navigation(Dashboard current) => new("Pages", PanelKind.Text, "", 48, 3)
    {
        Text = string.Join(" | ", All.Select(page => page == current ? $"**{page.Name}**" : $"[{page.Name}](#/view/{page.Id})")),
    };
}
