namespace SecurityAudit.Elasticsearch.Kibana.Pages;

/// <summary>Panels in one line each.</summary>
internal static class Panels
{
    /// <summary>Behind the title of a panel that shows nothing when nothing is wrong.</summary>
    public const string Quiet = " (none: all is well)";

    private const int Outer = 20;
    private const int Inner = 10;

    public static Panel Count(string title, string query, int width) =>
        new(title, PanelKind.Number, query, width, 6) { Measures = [new Measure(MeasureKind.Count, title)], IsCompared = true };

    public static Panel Distinct(string title, string query, string field, int width) =>
        new(title, PanelKind.Number, query, width, 6) { Measures = [Measure.Distinct(field, title)] };

    public static Panel OverTime(string title, string query, string field, int width) =>
        new(title, PanelKind.OverTime, query, width, 11) { By = [new Division(field, 8)], Measures = [Measure.Count] };

    /// <summary>How often, with the most frequent at the top.</summary>
    public static Panel Top(string title, string query, int width, params string[] fields) => Table(title, query, width, [Measure.Count], fields);

    /// <summary>Who was seen last stands at the top: the one order by time that is exact however many there are.</summary>
    public static Panel Seen(string title, string query, int width, params string[] fields) =>
        Table(title, query, width, [Measure.LastSeen, Measure.Count], fields);

    public static Panel Table(string title, string query, int width, IReadOnlyList<Measure> measures, params string[] fields) =>
        new(title, PanelKind.Table, query, width, 12) { By = [.. fields.Select((field, i) => new Division(field, i == 0 ? Outer : Inner))], Measures = measures };

    public static Panel Search(string id)
    {
        var search = Searches.All.First(item => item.Id == id);
        return new Panel(search.Title, PanelKind.Search, search.Query, 48, 18) { Search = id };
    }

    /// <summary>Shows nothing when nothing is wrong, and says so.</summary>
    public static Panel WhereEmptyIsGood(Panel panel) => panel with { Title = panel.Title + Quiet, IsQuiet = true };
}
