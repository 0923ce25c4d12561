using System.CommandLine;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Commands;

/// <summary><c>prove DIR N</c>: one line, and the proof that it is in the journal, for somebody who gets nothing else of it.</summary>
internal sealed class ProveCommand : Command
{
    private readonly Terminal _terminal;
    private readonly JournalArgument _directory = new();
    private readonly Argument<long> _sequence = new("N") { Description = "The line's event.sequence." };
    private readonly LogOption _log = new();

    public ProveCommand(Terminal terminal)
        : base("prove", "Prints one line and the proof that it is in the journal (c2sp.org/tlog-proof), which 'verify-proof' verifies without the journal.")
    {
        _terminal = terminal;
        Arguments.Add(_directory);
        Arguments.Add(_sequence);
        Options.Add(_log);
        SetAction(Prove);
    }

    private int Prove(ParseResult parsed)
    {
        var log = _log.Choose(parsed, _directory.JournalDirectory(parsed));
        _terminal.Output.Write(JournalProofs.Inclusion(log, parsed.GetRequiredValue(_sequence)));
        _terminal.Output.Flush();
        return ExitCode.Sound;
    }
}
