using System.CommandLine;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Events;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Commands;

/// <summary><c>show DIR</c>: the recorded events, filtered.</summary>
internal sealed class ShowCommand : Command
{
    private readonly Terminal _terminal;
    private readonly JournalArgument _directory = new();
    private readonly EventOptions _events = new();
    private readonly Option<int?> _last = new("--last") { Description = "Only the last so many of them." };
    private readonly Option<bool> _json = new("--json") { Description = "JSON Lines on a terminal too." };

    public ShowCommand(Terminal terminal) : base("show", "Shows the recorded events: a table on a terminal, JSON Lines in a pipe.")
    {
        _terminal = terminal;
        Arguments.Add(_directory);
        _events.AddTo(this);
        Options.Add(_last);
        Options.Add(_json);
        SetAction((parsed, cancellationToken) => Task.FromResult(Show(parsed, cancellationToken)));
    }

    private int Show(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var logs = new JournalEventReader(_directory.JournalDirectory(parsed));
        var output = new EventOutput(_terminal, asJson: parsed.GetValue(_json) || !_terminal.OutputIsTerminal);
        var wanted = logs.Read(_events.Filter(parsed), cancellationToken);
        if (parsed.GetValue(_last) is { } last)
        {
            wanted = wanted.TakeLast(last);
        }

        foreach (var e in wanted)
        {
            output.Add(e);
        }

        output.Draw();
        Say(logs);
        return ExitCode.Sound;
    }

    /// <summary>What the events alone do not tell.</summary>
    private void Say(JournalEventReader logs)
    {
        foreach (var adopted in logs.Adopted)
        {
            _terminal.WriteError(
                $"The lines from {adopted.From} up to {adopted.To}, which is not one of them, of log {adopted.LogId} had no signature when a crash ended the "
                + "process: nothing proves who wrote them. 'security-audit verify' tells whether that is more than a crash leaves.");
        }

        if (logs.AdoptedCount > logs.Adopted.Count)
        {
            _terminal.WriteError($"{logs.AdoptedCount - logs.Adopted.Count} more such ranges are not listed.");
        }

        if (logs.Skipped > 0)
        {
            _terminal.WriteError($"{logs.Skipped} lines could not be read or are gone. 'security-audit verify' tells which and whether that is right.");
        }

        if (logs.LogsLeftOut > 0)
        {
            _terminal.WriteError($"{logs.LogsLeftOut} more logs stand there and are not shown, expected at most 1,000: no writer makes more. Find out who did.");
        }
    }
}
