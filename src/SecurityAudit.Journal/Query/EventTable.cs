namespace SecurityAudit.Journal;

/// <summary>Events as rows of text: which columns, how wide, and nothing in them that could steer a terminal.</summary>
/// <param name="columns">From left to right; one of them, the last, may be as wide as there is room.</param>
public sealed class EventTable(params IReadOnlyList<EventColumn> columns)
{
    private const string Between = "  ";

    /// <summary>
    /// From this many characters on there is room for every column; with fewer the words say the user and the outcome too.
    /// </summary>
    private const int WideEnough = 120;

    /// <summary>Fewer than this leave no room for columns at all.</summary>
    private const int WideEnoughForColumns = 60;

    /// <summary>The columns from left to right; none where there is no room for any (<see cref="InOneLine"/>).</summary>
    public IReadOnlyList<EventColumn> Columns { get; } = columns ?? throw new ArgumentNullException(nameof(columns));

    /// <summary>The columns that fit a terminal.</summary>
    /// <param name="width">How many characters wide it is.</param>
    public static EventTable Fitting(int width) => width switch
    {
        >= WideEnough => new EventTable(EventColumn.Time, EventColumn.Action, EventColumn.Outcome, EventColumn.User, EventColumn.Source, EventColumn.What),
        >= WideEnoughForColumns => new EventTable(EventColumn.TimeAs("MM-dd HH:mm:ss"), EventColumn.Action with { Width = 20 }, EventColumn.Source, EventColumn.What),
        _ => new EventTable(),
    };

    /// <summary>The headings as one line.</summary>
    /// <param name="width">The most characters; what is longer is cut, with an ellipsis.</param>
    public string Header(int width) => Line(Columns.Select(column => column.Name), width);

    /// <summary>An event as one line; a cell that is longer than its column is cut, with an ellipsis.</summary>
    /// <param name="e">The event.</param>
    /// <param name="width">The most characters.</param>
    public string Row(JournalEvent e, int width) => Line(Columns.Select(column => column.Cell(e)), width);

    /// <summary>
    /// An event as one line of whatever length, for where no columns fit: the time, the action, who, from where, in words.
    /// </summary>
    public static string InOneLine(JournalEvent e) =>
        string.Join(' ', new[] { EventColumn.TimeAs("MM-dd HH:mm:ss"), EventColumn.Action, EventColumn.User, EventColumn.Source, EventColumn.What }
            .Select(column => column.Cell(e)).Where(cell => cell.Length > 0));

    private string Line(IEnumerable<string> cells, int width) =>
        TextWidth.Fit(string.Join(Between, Columns.Zip(cells, (column, cell) => column.Width is { } own ? TextWidth.Fit(cell, own) : cell)), Math.Max(0, width)).TrimEnd();
}
