using System.Globalization;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;
using Spectre.Console;

namespace SecurityAudit.Tool.Reports;

/// <summary>The verdict for people: what was proven, by which key, and where it breaks.</summary>
internal sealed class ReportText(IAnsiConsole console)
{
    private const int FindingsShown = 10;

    public void Write(string path, VerificationReport report)
    {
        Line($"{path}: {(report.IsSound ? "SOUND" : "NOT SOUND")}", report.IsSound ? Color.Green : Color.Red);
        foreach (var log in report.Logs)
            Write(log);
        foreach (var finding in report.Findings.Take(FindingsShown))
        {
            Line("");
            Line(finding.Message, Color.Red);
            Line($"  first bad byte: {finding.Segment} at offset {finding.Offset.ToString(CultureInfo.InvariantCulture)} (line {finding.Sequence.ToString(CultureInfo.InvariantCulture)})");
        }

        if (report.Findings.Count > FindingsShown)
            Line($"... and {report.Findings.Count - FindingsShown} more findings: --json lists them.");
    }

    private void Write(LogReport log)
    {
        Line("");
        Line($"log {log.Id} in {log.Directory}");
        Line($"  lines     {Range(log.First, log.Size)} in {log.Segments.Count} {(log.Segments.Count == 1 ? "segment" : "segments")}{(log.First > 0 ? $"; lines 0 to {log.First - 1} were pruned" : "")}");
        Line($"  proven    {(log.ProvenSize > log.First ? $"{Range(log.First, log.ProvenSize)}: unaltered and signed" : "nothing: no line is covered by a signature that verifies")}");
        Line($"  signed    {(log.LastCheckpoint is { } checkpoint ? $"{checkpoint.Size} lines, root {Convert.ToBase64String(checkpoint.Root.Span)}" : "never")}");
        if (log.Key is not null)
            Line($"  key       {log.Key.Id}, {(log.IsKeyPinned ? "the one you named" : "believed from the journal itself: name it with --key")}");
        if (log.Dropped > 0)
            Line($"  dropped   {log.Dropped} events could not be recorded, as the journal says itself", Color.Yellow);
        if (log.UnfinishedBytes > 0)
            Line($"  at end    {log.UnfinishedBytes} bytes of an unfinished line, no part of the log", Color.Yellow);
    }

    private static string Range(long first, long end) => end > first ? $"{first} to {end - 1}" : "none";

    private void Line(string text, Color? color = null)
    {
        // Paths and messages are as long as they are: a script that reads them must not meet a break.
        console.Write(new Text(VisibleText.Of(text), new Style(color)).Overflow(Overflow.Fold));
        console.WriteLine();
    }
}
