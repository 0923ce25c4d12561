using System.Collections.Immutable;
using System.Text.Json;
using SecurityAudit.Alerts;
using SecurityAudit.Detection.Following;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Responses;

/// <summary>
/// What the journal says that was done about alerts before this start: which blocks are not over, and which alerts have no answer.
/// </summary>
internal sealed class ResponseHistory
{
    private readonly Dictionary<string, (AlertNotification Alert, DateTimeOffset Until)> _blocks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AlertNotification> _alerts = new(StringComparer.Ordinal);
    private readonly HashSet<(string Alert, string Kind)> _answered = [];

    /// <summary>The blocks that began and did not end, by their sources.</summary>
    public IEnumerable<(AlertNotification Alert, DateTimeOffset Until)> Blocks => _blocks.Values;

    /// <summary>Alerts, and the latest summaries, that were read.</summary>
    public IEnumerable<AlertNotification> Alerts => _alerts.Values;

    /// <summary>Was anything of that kind done about that alert, or left with a reason?</summary>
    public bool IsAnswered(AlertNotification alert, string kind) => _answered.Contains((alert.Id, kind));

    /// <summary>Reads what is durable of a log, so far back from its end.</summary>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public static ResponseHistory Read(JournalWriter writer, TimeSpan back, CancellationToken cancellationToken)
    {
        var history = new ResponseHistory();
        using var reader = new JournalReader(writer.LogDirectory, JournalStart.Of(writer.LogDirectory, null, back)) { Limit = writer.DurableSize };
        while (reader.TryRead(out var line))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (IsOfInterest(line.Utf8.Span))
            {
                history.TryTake(line);
            }
        }

        return history;
    }

    // Quotation marks within a text are escaped: these bytes are the member's own.
    private static bool IsOfInterest(ReadOnlySpan<byte> line) =>
        AlertLine.IsOne(line) || line.IndexOf("\"event.action\":\"response_"u8) >= 0;

    private void TryTake(in JournalLine line)
    {
        try
        {
            using var json = JsonDocument.Parse(line.Utf8);
            Take(line, json.RootElement);
        }
        catch (JsonException)
        {
            return; // the verifier says what is wrong with the line
        }
    }

    private void Take(in JournalLine line, JsonElement fields)
    {
        if (ResponseLine.Alert(line, fields) is { } alert)
        {
            _alerts[alert.Id] = alert;
            if (alert.Stage == AlertStage.Summary)
            {
                _answered.Remove((alert.Id, ResponseKind.BlockSource)); // it goes on: to be answered again
            }
        }
        else if (ResponseLine.Text(fields, AlertFields.Id) is { } id && ResponseLine.Text(fields, ResponseFields.Kind) is { } kind)
        {
            _answered.Add((id, kind));
            TakeBlock(fields, id);
        }
    }

    private void TakeBlock(JsonElement line, string id)
    {
        if (ResponseLine.Text(line, EventFields.SourceIp) is not { } source
            || ResponseLine.Moment(line, ResponseFields.Until) is not { } until
            || ResponseLine.Text(line, EventFields.RuleId) is not { } rule)
        {
            return;
        }

        switch (ResponseLine.Text(line, JournalFields.Action))
        {
            case "response_block_started" when !_blocks.TryGetValue(source, out var known) || known.Until < until:
                _blocks[source] = (new AlertNotification
                {
                    Id = id, RuleId = rule, RuleName = ResponseLine.Text(line, EventFields.RuleName) ?? rule,
                    Sentence = ResponseLine.Text(line, JournalFields.Message) ?? "",
                    Subject = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(EventFields.SourceIp.Name, source),
                    Timestamp = ResponseLine.Moment(line, JournalFields.Timestamp) ?? until,
                }, until);
                break;
            case "response_block_ended":
                _blocks.Remove(source);
                break;
            default:
                break;
        }
    }
}
