using System.Globalization;
using SecurityAudit.Journal;
using Spectre.Console;

namespace SecurityAudit.Tool.Reports;

/// <summary>The verdict for people: what was proven, by which key, and where it breaks.</summary>
internal sealed class ReportText(IAnsiConsole console)
{
    private const int FindingsShown = 10;

    public void Write(string path, VerificationReport report, bool isAnchored)
    {
        var (word, color, meaning) = Words(report.Verdict, isAnchored);
        Line($"{path}: {word}", color);
        Line(meaning);
        foreach (var log in report.Logs)
        {
            Write(log);
        }

        foreach (var finding in report.Findings.Take(FindingsShown))
        {
            Line("");
            Line(finding.Message, Color.Red);
            Line(
                $"  first bad byte: {finding.Segment} at offset {finding.Offset.ToString(CultureInfo.InvariantCulture)} "
                + $"(line {finding.Sequence.ToString(CultureInfo.InvariantCulture)})");
        }

        if (report.Findings.Count > FindingsShown)
        {
            Line($"... and {report.Findings.Count - FindingsShown} more findings: --json lists them.");
        }
    }

    private void Write(LogReport log)
    {
        Line("");
        Line($"log {log.Id} in {log.Directory}");
        var pruned = log.First > 0 ? $"; lines 0 to {log.First - 1} were pruned" : "";
        Line($"  lines     {Range(log.First, log.Size)} in {log.Segments.Count} {(log.Segments.Count == 1 ? "segment" : "segments")}{pruned}");
        Line($"  proven    {Proven(log)}");
        foreach (var lines in log.Unproven)
        {
            Line($"  unproven  {Range(lines.From, lines.To)}: {Unproven(lines)}", Color.Yellow);
        }

        Line($"  signed    {(log.LastCheckpoint is { } checkpoint ? $"{checkpoint.Size} lines, root {Convert.ToBase64String(checkpoint.Root.Span)}" : "never")}");
        if (log.Key is not null)
        {
            Line($"  key       {log.Key.Id}, {(log.IsKeyPinned ? "the one you named" : "believed from the journal itself: name it with --key")}");
        }

        if (log.Dropped > 0)
        {
            Line($"  dropped   {log.Dropped} events could not be recorded, as the journal says itself", Color.Yellow);
        }

        if (log.UnfinishedBytes > 0)
        {
            Line($"  at end    {log.UnfinishedBytes} bytes of an unfinished line, no part of the log", Color.Yellow);
        }
    }

    private static (string Word, Color Color, string Meaning) Words(JournalVerdict verdict, bool isAnchored) => verdict switch
    {
        JournalVerdict.Sound => ("SOUND", Color.Green, "A signature of the key that you gave covers every line. " + End(isAnchored)),
        JournalVerdict.PartlyProven => ("PARTLY PROVEN", Color.Green,
            "A signature of the key that you gave covers every line but the unproven ones below, no more than a crash or the present moment leaves. " + End(isAnchored)),
        JournalVerdict.Consistent => ("CONSISTENT", Color.Yellow,
            "Nothing contradicts anything, and nothing is proven: whoever holds the files can have made all of it. Give the key, kept elsewhere, with --key."),
        JournalVerdict.Unproven => ("UNPROVEN", Color.Red,
            "Nothing contradicts the key that you gave, but more lines have no signature than a crash leaves: somebody may have written the unproven ones below."),
        _ => ("NOT SOUND", Color.Red, "It is not what was written:"),
    };

    private static string End(bool isAnchored) => isAnchored
        ? "Nothing was cut off at the end since the checkpoint that you gave."
        : "Whether lines were cut off at the end, only a checkpoint kept elsewhere tells: --anchor.";

    private static string Proven(LogReport log) => log.ProvenSize <= log.First
        ? "nothing: no line is covered by a signature that verifies"
        : log.IsKeyPinned
            ? $"{Range(log.First, log.ProvenSize)}: covered by signatures of the key that you gave"
            : $"nothing; the signatures over {Range(log.First, log.ProvenSize)} fit the key that the journal itself names";

    private static string Unproven(UnprovenLines lines) =>
        string.Create(CultureInfo.InvariantCulture, $"{lines.Count} lines")
        + (lines is { Earliest: { } earliest, Latest: { } latest } ? string.Create(CultureInfo.InvariantCulture, $", from {earliest:u} to {latest:u}") : "")
        + (lines.WereAdopted ? ", were unsigned when a crash ended the process and were adopted at the next start" : ", no signature yet");

    private static string Range(long first, long end) => end > first ? $"{first} to {end - 1}" : "none";

    private void Line(string text, Color? color = null)
    {
        // Paths and messages are as long as they are: a script that reads them must not meet a break.
        console.Write(new Text(VisibleText.Of(text), new Style(color)).Overflow(Overflow.Fold));
        console.WriteLine();
    }
}
