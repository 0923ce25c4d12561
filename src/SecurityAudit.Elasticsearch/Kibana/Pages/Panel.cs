namespace SecurityAudit.Elasticsearch.Kibana.Pages;

/// <summary>One picture on a dashboard, in words that Kibana's Lens and the classic visualisations of OpenSearch Dashboards are written from.</summary>
/// <param name="Title">What it answers.</param>
/// <param name="Kind">How it looks.</param>
/// <param name="Query">Which events, in the query language that both products have.</param>
/// <param name="Width">Of 48 columns.</param>
/// <param name="Height">In rows.</param>
internal sealed record Panel(string Title, PanelKind Kind, string Query, int Width, int Height)
{
    /// <summary>What the events are divided by, the outermost first.</summary>
    public IReadOnlyList<Division> By { get; init; } = [];

    /// <summary>What is told of each division; the first one orders them, the largest at the top.</summary>
    public IReadOnlyList<Measure> Measures { get; init; } = [];

    /// <summary>Beside the number stands that of the same time a week before, where the product can shift time.</summary>
    public bool IsCompared { get; init; }

    /// <summary>How far it looks back, whatever time is chosen above: <c>now-90d</c>. Null: as chosen.</summary>
    public string? LooksBack { get; init; }

    /// <summary>The events themselves: the id of the saved search that is shown.</summary>
    public string? Search { get; init; }

    /// <summary>Text in Markdown, for <see cref="PanelKind.Text"/>.</summary>
    public string Text { get; init; } = "";

    /// <summary>It is good when it shows nothing, and its title says so.</summary>
    public bool IsQuiet { get; init; }
}

internal enum PanelKind
{
    /// <summary>One number.</summary>
    Number,

    /// <summary>How many over time, divided by a field.</summary>
    OverTime,

    /// <summary>Rows of values and what is told of each.</summary>
    Table,

    /// <summary>The events themselves.</summary>
    Search,

    /// <summary>Words and links.</summary>
    Text,
}
