using System.CommandLine;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Events;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Commands;

/// <summary><c>follow DIR</c>: the last events and those to come, until interrupted.</summary>
internal sealed class FollowCommand : Command
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly Terminal _terminal;
    private readonly JournalArgument _directory = new();
    private readonly EventOptions _events = new();
    private readonly Option<int> _last = new("--last") { Description = "Begin with so many events that are there already.", DefaultValueFactory = _ => 10 };
    private readonly Option<bool> _json = new("--json") { Description = "JSON Lines on a terminal too." };

    public FollowCommand(Terminal terminal) : base("follow", "Shows events as they are recorded, until interrupted.")
    {
        _terminal = terminal;
        Arguments.Add(_directory);
        _events.AddTo(this);
        Options.Add(_last);
        Options.Add(_json);
        SetAction(FollowAsync);
    }

    private async Task<int> FollowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var logs = new JournalEventReader(_directory.Directory(parsed));
        var filter = _events.Filter(parsed);
        var output = new EventOutput(_terminal, asJson: parsed.GetValue(_json) || !_terminal.OutputIsTerminal);
        Show(logs.Read(filter, cancellationToken).TakeLast(parsed.GetValue(_last)), output);
        if (!logs.HasLogs)
        {
            _terminal.WriteError("No journal is there yet: waiting for its first line.");
        }

        while (true)
        {
            if (_terminal.IsReaderGone)
            {
                throw new OutputClosedException();
            }

            await Task.Delay(PollInterval, cancellationToken);
            Show(logs.Read(filter, cancellationToken), output);
        }
    }

    private static void Show(IEnumerable<JournalEvent> events, EventOutput output)
    {
        foreach (var e in events)
        {
            output.Add(e);
        }

        output.Draw();
    }
}
