using System.CommandLine;
using System.Globalization;
using SecurityAudit.Alerts;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Commands;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Alerts;

/// <summary>
/// <c>alerts list DIR</c>: the alerts of a journal, what became of each, and what was delivered where. Exit code 1: a channel does not take
/// one of them.
/// </summary>
internal sealed class ListAlertsCommand : Command
{
    private readonly Terminal _terminal;
    private readonly JournalArgument _directory = new();
    private readonly Option<int> _last = new("--last") { Description = "Only the last so many alerts of each log.", DefaultValueFactory = _ => 50 };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object for each alert." };

    public ListAlertsCommand(Terminal terminal) : base("list", "Lists the alerts that were raised, what became of each, and on which channels it was delivered.")
    {
        _terminal = terminal;
        Arguments.Add(_directory);
        Options.Add(_last);
        Options.Add(_json);
        SetAction((parsed, cancellationToken) => Task.FromResult(Run(parsed, cancellationToken)));
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var directory = _directory.JournalDirectory(parsed);
        var last = parsed.GetValue(_last);
        if (last < 1)
        {
            throw new FormatException($"--last is {last}, expected 1 or more.");
        }

        List<ListedAlert> alerts =
        [
            .. JournalDirectory.Named(directory)
                .SelectMany(log => Read(directory, log, last, cancellationToken)).OrderBy(alert => alert.Raised.Timestamp),
        ];
        foreach (var alert in alerts)
        {
            if (parsed.GetValue(_json))
            {
                WriteJson(alert);
            }
            else
            {
                WriteText(alert);
            }
        }

        return alerts.Exists(alert => alert.NeedsAttention) ? ExitCode.NotSound : ExitCode.Sound;
    }

    /// <summary>Holds no more than is listed, however many there are.</summary>
    private static Dictionary<string, ListedAlert>.ValueCollection Read(string directory, JournalLog log, int last, CancellationToken cancellationToken)
    {
        var records = DeliveryRecord.Of(directory, log.Id);
        var order = new Queue<string>();
        var alerts = new Dictionary<string, ListedAlert>(StringComparer.Ordinal);
        using var reader = new JournalReader(log.Directory);
        while (reader.TryRead(out var line))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (line.IsControl || !AlertLine.IsOne(line.Utf8.Span))
            {
                continue;
            }

            var alert = AlertLine.Read(line);
            if (alerts.TryGetValue(alert.Id, out var known))
            {
                alerts[alert.Id] = known with { Stage = alert.Stage };
            }
            else if (alert.Stage == AlertStage.Raised)
            {
                alerts.Add(alert.Id, ListedAlert.Of(alert, records));
                order.Enqueue(alert.Id);
                if (order.Count > last)
                {
                    alerts.Remove(order.Dequeue());
                }
            }
        }

        return alerts.Values;
    }

    private void WriteText(ListedAlert alert)
    {
        _terminal.WriteLine($"{alert.Raised.Timestamp:u}  {alert.Raised.Severity,-8}  {ListedAlert.Word(alert.Stage),-8}  {alert.Raised.RuleId}  {alert.Raised.Sentence}");
        foreach (var channel in alert.Channels)
        {
            var at = channel.At is { } moment ? string.Create(CultureInfo.InvariantCulture, $" {moment:u}") : "";
            var problem = channel is { State: DeliveryState.Waiting, Problem: { } reason } ? ": " + reason : "";
            _terminal.WriteLine($"    {channel.Channel,-16}  {ListedAlert.Word(channel.State)}{at}{problem}");
        }

        if (alert.Channels.IsEmpty)
        {
            _terminal.WriteLine($"    no channel");
        }
    }

    private void WriteJson(ListedAlert alert) => _terminal.WriteJson(json =>
    {
        json.WriteString("id", alert.Raised.Id);
        json.WriteString("timestamp", alert.Raised.Timestamp);
        json.WriteString("rule", alert.Raised.RuleId);
        json.WriteString("severity", alert.Raised.Severity.ToString().ToLowerInvariant());
        json.WriteString("state", ListedAlert.Word(alert.Stage));
        json.WriteString("sentence", alert.Raised.Sentence);
        json.WriteString("log", alert.Raised.LogId);
        json.WriteNumber("sequence", alert.Raised.Sequence ?? 0);
        json.WriteObjects("channels", alert.Channels, channel =>
        {
            json.WriteString("channel", channel.Channel);
            json.WriteString("state", ListedAlert.Word(channel.State));
            if (channel.At is { } at)
            {
                json.WriteString("at", at);
            }

            if (channel is { State: DeliveryState.Waiting, Problem: { } problem })
            {
                json.WriteString("problem", problem);
            }
        });
    });
}
