using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;
using Spectre.Console;

namespace SecurityAudit.Tool.Events;

/// <summary>Writes events for whoever reads: a table for a person, JSON Lines for a program.</summary>
internal sealed class EventOutput(Terminal terminal, bool asJson)
{
    /// <summary>A table is drawn when it is whole, so a long one comes in parts, whose columns have the same widths.</summary>
    private const int RowsAtOnce = 200;

    private readonly IReadOnlyList<EventColumn> _columns = EventTable.Fitting(terminal.Console.Profile.Width).Columns;
    private readonly List<JournalEvent> _waiting = [];
    private bool _hasHeading;

    public void Add(JournalEvent e)
    {
        if (asJson)
        {
            terminal.Output.WriteLine(e.Json);
            return;
        }

        if (_columns.Count == 0)
        {
            terminal.Console.Write(new Text(EventTable.InOneLine(e), Style(e)).Overflow(Overflow.Fold)); // the terminal breaks it where it ends
            terminal.Console.WriteLine();
            return;
        }

        _waiting.Add(e);
        if (_waiting.Count == RowsAtOnce)
        {
            Draw();
        }
    }

    /// <summary>Everything added so far is seen.</summary>
    public void Draw()
    {
        if (_waiting.Count > 0)
        {
            var table = new Table().Border(TableBorder.None).Expand();
            table.ShowHeaders = !_hasHeading;
            foreach (var column in _columns)
            {
                table.AddColumn(column.Width is { } width ? new TableColumn($"[bold]{column.Name}[/]").Width(width) : new TableColumn($"[bold]{column.Name}[/]"));
            }

            foreach (var e in _waiting)
            {
                table.AddRow(_columns.Select(column => new Markup(Markup.Escape(column.Cell(e)), column.Name == EventColumn.Action.Name ? Style(e) : Spectre.Console.Style.Plain)));
            }

            terminal.Console.Write(table);
            _waiting.Clear();
            _hasHeading = true;
        }

        terminal.Output.Flush();
    }

    private static Style Style(JournalEvent e) => e.Severity switch
    {
        >= 99 => new Style(Color.Red, decoration: Spectre.Console.Decoration.Bold),
        >= 73 => new Style(Color.Red),
        >= 47 => new Style(Color.Yellow),
        _ => Spectre.Console.Style.Plain,
    };
}
