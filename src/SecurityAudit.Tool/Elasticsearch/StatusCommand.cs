using System.CommandLine;
using System.Globalization;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Tool.Commands;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Elasticsearch;

/// <summary>
/// <c>elasticsearch status DIR</c>: how far each log is shipped, what waits, what was refused. Exit code 0 all is well, 1 somebody should
/// look.
/// </summary>
internal sealed class StatusCommand : Command
{
    private const int LettersShown = 20;

    private readonly Terminal _terminal;
    private readonly JournalArgument _directory = new();
    private readonly EngineOptions _engine = new();
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object per log." };

    public StatusCommand(Terminal terminal)
        : base(
            "status",
            "Tells how far a journal is shipped: lag, last answer, dead letters. With --url it also asks the engine how many events it has, "
            + "and whether a log has forked.")
    {
        _terminal = terminal;
        Arguments.Add(_directory);
        _engine.AddTo(this);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var logs = ShippedLog.In(_directory.JournalDirectory(parsed)).ToList();
        foreach (var log in logs)
        {
            if (parsed.GetValue(_json))
            {
                _terminal.WriteJson(log.Write);
            }
            else
            {
                WriteText(log);
            }
        }

        var hasForks = false;
        if (_engine.AreGiven(parsed))
        {
            hasForks = await AskAsync(parsed, logs, cancellationToken);
        }

        _terminal.Output.Flush();
        return hasForks || logs.Exists(log => log.NeedsAttention) ? ExitCode.NotSound : ExitCode.Sound;
    }

    private void WriteText(ShippedLog log)
    {
        _terminal.WriteLine($"log {log.Log.Id} in {log.Log.Directory}");
        _terminal.WriteLine($"  state         {log.Record?.State.ToString().ToLowerInvariant() ?? "never shipped"}");
        _terminal.WriteLine($"  settled       {(log.Record?.Next is > 0 and var next ? $"lines 0 to {next - 1}" : "nothing")}");
        _terminal.WriteLine($"  waiting       {log.Waiting} lines{(log.Oldest is { } since ? $", the oldest of {since:u}" : "")}");
        if (log.Record?.LastAnswer is { } answer)
        {
            _terminal.WriteLine($"  last answer   {log.Record.LastAnswerAt:u}  {answer}");
        }

        if (log.Record?.ForkedAt is { } fork)
        {
            _terminal.WriteLine($"  fork          at line {fork} the engine held another line than this journal's: the log was copied, and both copies went on");
        }

        foreach (var range in log.Skipped)
        {
            _terminal.WriteLine($"  skipped       lines {range.From} to {range.To}: the journal did not have them any more at {range.At:u}");
        }

        foreach (var doubt in log.Doubts)
        {
            _terminal.WriteLine($"  doubtful      {doubt}: 'elasticsearch reconcile' tells");
        }

        foreach (var letter in log.DeadLetters.TakeLast(LettersShown))
        {
            _terminal.WriteLine($"  dead letter   line {letter.Sequence}, {letter.At:u}: {letter.Status} {letter.Reason}");
        }

        if (log.DeadLetters.Count > LettersShown)
        {
            _terminal.WriteLine($"  and {log.DeadLetters.Count - LettersShown} more dead letters: --json lists them");
        }
    }

    /// <summary>True when a log has forked, as far as the credentials let it be seen.</summary>
    private async Task<bool> AskAsync(ParseResult parsed, List<ShippedLog> logs, CancellationToken cancellationToken)
    {
        var hasForks = false;
        using var engine = await _engine.AskAsync(parsed, cancellationToken);
        var (connection, _, target) = engine;
        foreach (var log in logs)
        {
            var answer = await connection.SendAsync(
                HttpMethod.Get, $"{target.Search}/_count?q=journal.id:{log.Log.Id}&ignore_unavailable=true", cancellationToken: cancellationToken);
            if (!answer.IsSuccess)
            {
                throw new IOException(
                    $"{connection.Node} answers {answer.Error} when asked how many events of {log.Log.Id} it has. "
                    + $"That takes credentials that may read {target.Search}.");
            }

            using var json = answer.Json();
            var stored = json.RootElement.GetProperty("count").GetInt64();
            _terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{connection.Node} has {stored} events of {log.Log.Id}"));
            foreach (var fork in await new ForkSearch(connection, target.Search).FindAsync(log.Log.Id, cancellationToken) ?? [])
            {
                hasForks = true;
                _terminal.WriteLine($"  fork          {fork}");
            }
        }

        return hasForks;
    }
}
