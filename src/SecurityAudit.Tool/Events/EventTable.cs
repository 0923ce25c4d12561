using System.Globalization;
using SecurityAudit.Tool.Terminals;
using Spectre.Console;

namespace SecurityAudit.Tool.Events;

/// <summary>Writes events for whoever reads: a table for a person, JSON Lines for a program.</summary>
internal sealed class EventTable(Terminal terminal, bool asJson)
{
    /// <summary>A table is drawn when it is whole, so a long one comes in parts, whose columns have the same widths.</summary>
    private const int RowsAtOnce = 200;

    /// <summary>Fewer characters than this leave no room for every column: the message says the user and the outcome too.</summary>
    private const int WideEnough = 120;

    /// <summary>Fewer than this leave no room for columns at all: each event is a line, which the terminal breaks where it ends.</summary>
    private const int WideEnoughForColumns = 60;

    private readonly List<EventView> _waiting = [];
    private bool _hasHeading;

    public void Add(EventView e)
    {
        if (asJson)
        {
            terminal.Output.WriteLine(e.Json);
            return;
        }

        if (terminal.Console.Profile.Width < WideEnoughForColumns)
        {
            terminal.Console.Write(new Text(VisibleText.Of(InOneLine(e)), Style(e)).Overflow(Overflow.Fold));
            terminal.Console.WriteLine();
            return;
        }

        _waiting.Add(e);
        if (_waiting.Count == RowsAtOnce)
            Draw();
    }

    /// <summary>Everything added so far is seen.</summary>
    public void Draw()
    {
        if (_waiting.Count > 0)
        {
            var table = new Table().Border(TableBorder.None).Expand();
            table.ShowHeaders = !_hasHeading;
            foreach (var column in Columns)
                table.AddColumn(column.Width is { } width ? new TableColumn($"[bold]{column.Name}[/]").Width(width) : new TableColumn($"[bold]{column.Name}[/]"));
            foreach (var e in _waiting)
                table.AddRow(Columns.Select(column => column.Cell(e)));
            terminal.Console.Write(table);
            _waiting.Clear();
            _hasHeading = true;
        }

        terminal.Output.Flush();
    }

    private IEnumerable<(string Name, int? Width, Func<EventView, Markup> Cell)> Columns =>
        terminal.Console.Profile.Width >= WideEnough
            ?
            [
                ("Time (UTC)", 19, e => Cell(Time(e, "yyyy-MM-dd HH:mm:ss"))), ("Event", 26, e => Cell(e["event.action"], Style(e))),
                ("Outcome", 7, e => Cell(e["event.outcome"])), ("User", 22, e => Cell(Users(e))), ("Source", 15, e => Cell(e["source.ip"])), ("What", null, e => Cell(What(e))),
            ]
            :
            [
                ("Time (UTC)", 14, e => Cell(Time(e, "MM-dd HH:mm:ss"))), ("Event", 20, e => Cell(e["event.action"], Style(e))),
                ("Source", 15, e => Cell(e["source.ip"])), ("What", null, e => Cell(What(e))),
            ];

    private static string Time(EventView e, string format) => e.Timestamp?.UtcDateTime.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static Markup Cell(string text, Style? style = null) => new(Markup.Escape(VisibleText.Of(text)), style);

    private static string Users(EventView e)
    {
        var actor = FirstOf(e, "user.name", "user.email", "user.id");
        var target = FirstOf(e, "user.target.name", "user.target.email", "user.target.id");
        return target.Length == 0 || target == actor ? actor : $"{actor} → {target}".TrimStart();
    }

    private static string InOneLine(EventView e) =>
        string.Join(' ', new[] { Time(e, "MM-dd HH:mm:ss"), e["event.action"], Users(e), e["source.ip"], What(e) }.Where(part => part.Length > 0));

    private static string What(EventView e) => FirstOf(e, "message", "rule.name", "event.reason", "security_audit.journal.reason", "url.path");

    private static string FirstOf(EventView e, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            if (e[field].Length > 0)
                return e[field];
        }

        return "";
    }

    private static Style Style(EventView e) => int.TryParse(e["event.severity"], NumberStyles.None, CultureInfo.InvariantCulture, out var severity) ? severity switch
    {
        >= 99 => new Style(Color.Red, decoration: Decoration.Bold),
        >= 73 => new Style(Color.Red),
        >= 47 => new Style(Color.Yellow),
        _ => Spectre.Console.Style.Plain,
    } : Spectre.Console.Style.Plain;
}
