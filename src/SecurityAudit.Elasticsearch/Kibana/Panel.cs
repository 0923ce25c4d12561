namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>One picture on a dashboard.</summary>
/// <param name="Title">What it answers.</param>
/// <param name="Kind">How it looks.</param>
/// <param name="Query">Which events, in Kibana's query language.</param>
/// <param name="Fields">What they are divided by; for <see cref="PanelKind.Search"/> none.</param>
/// <param name="Width">Of 48 columns.</param>
/// <param name="Height">In rows.</param>
internal sealed record Panel(string Title, PanelKind Kind, string Query, IReadOnlyList<string> Fields, int Width, int Height)
{
    /// <summary>The saved search that is shown.</summary>
    public string? Search { get; init; }
}

internal enum PanelKind
{
    /// <summary>One number: how many.</summary>
    Count,

    /// <summary>One number: how many different values of a field.</summary>
    Distinct,

    /// <summary>How many over time, divided by a field.</summary>
    OverTime,

    /// <summary>The most frequent values.</summary>
    Top,

    /// <summary>The values that came up last for the first time, with when that was.</summary>
    FirstSeen,

    /// <summary>The largest value of a number, per value of a field.</summary>
    Largest,

    /// <summary>The values of all fields but the last under which that one has the most different values, with how many it has.</summary>
    MostDistinct,

    /// <summary>The events themselves.</summary>
    Search,
}
