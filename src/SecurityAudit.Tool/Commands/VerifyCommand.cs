using System.CommandLine;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Reports;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Commands;

/// <summary><c>verify DIR</c>: is the journal what was written? Exit code 0 proven, 1 no, 2 it cannot be read, 3 not proven.</summary>
internal sealed class VerifyCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _path = new("DIR") { Description = "The journal's directory, one of its log directories, or one segment." };
    private readonly VerifierKeyOption _keys = new();
    private readonly Option<bool> _json = new("--json") { Description = "The whole report as one JSON object." };
    private readonly Option<string[]> _anchors = new("--anchor")
    {
        Description = "A checkpoint that was kept elsewhere (a file, or a file anchor's directory): the journal must contain what it covers. Can be repeated.",
    };

    public VerifyCommand(Terminal terminal) : base("verify", "Proves that a journal is what was written, or tells the first place where it is not.")
    {
        _terminal = terminal;
        Arguments.Add(_path);
        Options.Add(_keys);
        Options.Add(_anchors);
        Options.Add(_json);
        SetAction((parsed, cancellationToken) => Task.FromResult(Verify(parsed, cancellationToken)));
    }

    private int Verify(ParseResult parsed, CancellationToken cancellationToken)
    {
        var path = parsed.GetRequiredValue(_path);
        var options = new VerifyOptions
        {
            Keys = parsed.GetValue(_keys) ?? [],
            AtLeastAsNewAs = [.. (parsed.GetValue(_anchors) ?? []).SelectMany(CheckpointFiles.Read)],
        };
        var report = ByteProgress.Run(_terminal, "verifying", progress => JournalVerifier.Verify(path, options, progress, cancellationToken));
        if (parsed.GetValue(_json))
        {
            ReportJson.Write(_terminal, report);
        }
        else
        {
            new ReportText(_terminal.Console).Write(path, report, isAnchored: options.AtLeastAsNewAs.Count > 0);
        }

        _terminal.Output.Flush();
        return report.Verdict switch
        {
            JournalVerdict.Sound or JournalVerdict.PartlyProven => ExitCode.Sound,
            JournalVerdict.NotSound => ExitCode.NotSound,
            _ => ExitCode.NotProven,
        };
    }
}
