namespace SecurityAudit.Elasticsearch.Kibana.Pages;

/// <summary>A page of panels.</summary>
/// <param name="Id">Its id in Kibana, the end of its address.</param>
/// <param name="Name">What it is called in the list of pages.</param>
/// <param name="Description">What it answers.</param>
/// <param name="Panels">What is on it, below the list of pages.</param>
internal sealed record Dashboard(string Id, string Name, string Description, IReadOnlyList<Panel> Panels)
{
    public string Title => "[Security Audit] " + Name;

    /// <summary>Fields by whose values all panels can be narrowed.</summary>
    public IReadOnlyList<string> Controls { get; init; } = ["source.ip", "user.name", "service.name", "host.name"];
}

/// <summary>A list of events with the columns that matter for them.</summary>
internal sealed record SavedSearch(string Id, string Title, string Description, string Query, IReadOnlyList<string> Columns);
