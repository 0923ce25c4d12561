using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>What was told already: the journal of this detection, read again at a start.</summary>
internal sealed class ToldAttacks
{
    private readonly List<ToldAttack> _told = [];
    private readonly HashSet<string> _resolved = new(StringComparer.Ordinal);
    private readonly HashSet<string> _logs = new(StringComparer.Ordinal);

    /// <summary>When the journal was written to last before now; null for a new one.</summary>
    public DateTimeOffset? LastWritten { get; private set; }

    /// <summary>The logs of this journal: what they hold is known from here.</summary>
    public IReadOnlySet<string> Logs => _logs;

    /// <exception cref="IOException">It cannot be read.</exception>
    public static ToldAttacks In(string journalDirectory)
    {
        var told = new ToldAttacks();
        if (!Directory.Exists(journalDirectory))
        {
            return told;
        }

        foreach (var log in JournalDirectory.Logs(journalDirectory))
        {
            told._logs.Add(log.Id);
            using var reader = new JournalReader(log.Directory);
            while (reader.TryRead(out var line))
            {
                if (LineFields.Timestamp(line.Utf8.Span) is { } at && !(at < told.LastWritten))
                {
                    told.LastWritten = at;
                }

                if (ToldAttack.Of(line.Utf8.Span) is { } attack)
                {
                    told.Add(attack);
                }
            }
        }

        return told;
    }

    public void Add(ToldAttack attack)
    {
        if (attack.Stage == "resolved")
        {
            _resolved.Add(attack.Id);
        }
        else
        {
            _told.Add(attack);
        }
    }

    /// <summary>This process's own log.</summary>
    public void AddLog(string id) => _logs.Add(id);

    /// <summary>Alerts and summaries that speak of events since a moment, in the order of the events.</summary>
    public IEnumerable<ToldAttack> Since(DateTimeOffset moment) => _told.Where(told => told.Until >= moment).OrderBy(told => told.Until);

    /// <summary>What is over and speaks of events before a moment is not needed any more.</summary>
    public void Forget(DateTimeOffset before)
    {
        var over = _told.Where(told => told.Until < before && _resolved.Contains(told.Id)).Select(told => told.Id).ToHashSet(StringComparer.Ordinal);
        over.ExceptWith(_told.Where(told => told.Until >= before).Select(told => told.Id));
        _told.RemoveAll(told => over.Contains(told.Id));
        _resolved.ExceptWith(over);
    }

    public bool IsResolved(string attackId) => _resolved.Contains(attackId);

    /// <summary>The attack of this rule and group that was told last and is not over; null for none.</summary>
    public string? Open(string ruleId, int condition, string group) => _told.FindLast(told =>
        told.RuleId == ruleId && told.Condition == condition && told.Group == group && !_resolved.Contains(told.Id))?.Id;
}
