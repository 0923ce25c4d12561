using SecurityAudit.Capture;
using SecurityAudit.Journal;
using Spectre.Console;

namespace Quickstart.Tour;

/// <summary>The last part: is the journal what was written? And would it show if somebody had edited it?</summary>
internal sealed class Verdict(IAnsiConsole console, string directory, VerifierKey key)
{
    /// <summary>
    /// Verifies the journal as soon as a signature covers what is written now, at most some seconds later; returns what is wrong.
    /// </summary>
    public async Task<IReadOnlyList<string>> OnJournalAsync()
    {
        var options = new VerifyOptions { Keys = [key] };
        var report = JournalVerifier.Verify(directory, options);
        for (var tries = 0; tries < 25 && report.Verdict == JournalVerdict.PartlyProven; tries++)
        {
            await Task.Delay(200);
            report = JournalVerifier.Verify(directory, options);
        }

        foreach (var log in report.Logs)
        {
            WriteVerdict(log.Verdict == JournalVerdict.Sound, $"{log.Size} lines; signatures of the key {key.Name}+{key.Id} prove lines 0 to {log.ProvenSize - 1}");
        }

        return report.Verdict == JournalVerdict.Sound ? [] : [$"The journal is {report.Verdict}.", .. report.Findings.Select(finding => finding.Message)];
    }

    /// <summary>Changes one digit of an address in a copy of the journal and verifies the copy; returns what is wrong with that.</summary>
    public IReadOnlyList<string> OnForgery(string honest, string forged)
    {
        var copy = Directory.CreateTempSubdirectory("quickstart-").FullName;
        try
        {
            Copy(directory, copy);
            if (!Forge(copy, honest, forged))
            {
                return [$"The journal does not say '{honest}' anywhere, so nothing could be forged."];
            }

            var report = JournalVerifier.Verify(copy, new VerifyOptions { Keys = [key] });
            if (report.Verdict != JournalVerdict.NotSound)
            {
                return ["The forged copy verified."];
            }

            WriteVerdict(isSound: false, report.Findings[0].Message.Replace(copy + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
            return [];
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private void WriteVerdict(bool isSound, string text)
    {
        console.Write(new Text(isSound ? "  SOUND      " : "  NOT SOUND  ", new Style(isSound ? Color.Green : Color.Red, decoration: Decoration.Bold)));
        console.WriteLine(text);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.jsonl", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var destination = File.Create(target);
            source.CopyTo(destination);
        }
    }

    private static bool Forge(string directory, string honest, string forged)
    {
        foreach (var file in Directory.EnumerateFiles(directory, "*.jsonl", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            var at = text.IndexOf(honest, StringComparison.Ordinal);
            if (at >= 0)
            {
                File.WriteAllText(file, text.Remove(at, honest.Length).Insert(at, forged));
                return true;
            }
        }

        return false;
    }
}
