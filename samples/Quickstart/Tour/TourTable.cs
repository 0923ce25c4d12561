using SecurityAudit.Capture;
using SecurityAudit.Journal;
using Spectre.Console;

namespace Quickstart.Tour;

/// <summary>The recorded events as a table that grows: fixed columns, one line for each event, colours where there is a terminal.</summary>
internal sealed class TourTable(IAnsiConsole console)
{
    private readonly EventTable _table = new(
        EventColumn.Sequence,
        EventColumn.TimeAs("HH:mm:ss.fff"),
        EventColumn.Action with { Width = 28 },
        EventColumn.Outcome,
        EventColumn.Source with { Width = 12 },
        EventColumn.What with { Text = e => e.IsAlert ? e["rule.name"] : e.Message });

    private int Width => console.Profile.Width - 1;

    public void WriteHeader() => WriteLine(_table.Header(Width), "bold");

    public void WriteScene(string title)
    {
        console.WriteLine();
        console.Write(new Text(title, new Style(Color.Teal, decoration: Decoration.Bold)));
        console.WriteLine();
    }

    public void Write(JournalEvent recorded)
    {
        WriteLine(_table.Row(recorded, Width), recorded switch
        {
            { IsAlert: true } => "bold white on red",
            { Outcome: "failure" } => "red",
            { Outcome: "success" } => "default",
            _ => "grey",
        });
        if (recorded.IsAlert)
        {
            var message = VisibleText.Of(recorded.Message);
            console.Write(new Panel(new Text(message)) { BorderStyle = new Style(Color.Red), Width = int.Min(console.Profile.Width, 110) });
        }
    }

    private void WriteLine(string line, string style)
    {
        console.Write(new Text(line, Style.Parse(style)));
        console.WriteLine();
    }
}
