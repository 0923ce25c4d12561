namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>A page of panels.</summary>
internal sealed record Dashboard(string Id, string Title, string Description, IReadOnlyList<Panel> Panels)
{
    /// <summary>Fields that can be chosen from above the panels, with their labels.</summary>
    public IReadOnlyList<(string Field, string Label)> Controls { get; init; } = [];
}

/// <summary>A list of events with the columns that matter for them.</summary>
internal sealed record SavedSearch(string Id, string Title, string Description, string Query, IReadOnlyList<string> Columns);
