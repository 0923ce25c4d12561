using System.Globalization;
using Spectre.Console;

namespace Quickstart.Tour;

/// <summary>The recorded events as a table that grows: fixed columns, one line for each event, colours where there is a terminal.</summary>
internal sealed class EventTable(IAnsiConsole console)
{
    private static readonly (string Name, int Width)[] Columns =
        [("#", 4), ("time (UTC)", 12), ("event", 24), ("outcome", 7), ("from", 11), ("what", 0)];

    public void WriteHeader() => WriteLine("bold", [.. Columns.Select(column => column.Name)]);

    public void WriteScene(string title)
    {
        console.WriteLine();
        console.Write(new Text(title, new Style(Color.Teal, decoration: Decoration.Bold)));
        console.WriteLine();
    }

    public void Write(RecordedEvent recorded)
    {
        var style = recorded switch
        {
            { IsAlert: true } => "bold white on red",
            { Outcome: "failure" } => "red",
            { Outcome: "success" } => "default",
            _ => "grey",
        };
        WriteLine(
            style,
            recorded.Sequence.ToString(CultureInfo.InvariantCulture),
            recorded.Time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
            recorded.Action,
            recorded.IsAlert ? "ALERT" : recorded.Outcome,
            recorded.From,
            recorded.Detail);
        if (recorded.IsAlert)
        {
            console.Write(new Panel(new Text(recorded.Message)) { BorderStyle = new Style(Color.Red), Width = int.Min(console.Profile.Width, 110) });
        }
    }

    private void WriteLine(string style, params string[] cells)
    {
        var line = string.Join("  ", Columns.Zip(cells, (column, cell) => Fit(Visible(cell), column.Width)));
        console.Write(new Text(Fit(line, console.Profile.Width - 1).TrimEnd(), Style.Parse(style)));
        console.WriteLine();
    }

    private static string Fit(string text, int width) => width == 0 ? text : text.Length > width ? $"{text[..(width - 1)]}…" : text.PadRight(width);

    /// <summary>What a visitor sent must not steer the terminal.</summary>
    private static string Visible(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '·' : c));
}
