using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Events;

/// <summary>All logs of a journal directory as one stream in the order of time; logs that begin later join in.</summary>
internal sealed class MergedLogs(string directory) : IDisposable
{
    private readonly Dictionary<string, JournalReader> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<JournalReader, EventView> _heads = [];

    /// <summary>Lines that could not be read and were passed over.</summary>
    public long Skipped => _readers.Values.Sum(reader => reader.Skipped);

    /// <summary>The lines read so far that say of others that no signature covered them when a crash ended the process.</summary>
    public List<EventView> Adoptions { get; } = [];

    /// <summary>Whether there has been any log at all.</summary>
    public bool HasLogs => _readers.Count > 0;

    /// <summary>The wanted events that are there now and were not given before.</summary>
    public IEnumerable<EventView> Read(EventFilter wanted, CancellationToken cancellationToken)
    {
        foreach (var log in JournalDirectory.Logs(directory))
            _readers.TryAdd(log.Directory, new JournalReader(log.Directory));
        while (true)
        {
            foreach (var reader in _readers.Values)
            {
                if (!_heads.ContainsKey(reader) && Next(reader, wanted, cancellationToken) is { } head)
                    _heads.Add(reader, head);
            }

            if (_heads.Count == 0)
                yield break;
            var (first, e) = _heads.MinBy(head => head.Value.Timestamp ?? DateTimeOffset.MinValue);
            _heads.Remove(first);
            yield return e;
        }
    }

    public void Dispose()
    {
        foreach (var reader in _readers.Values)
            reader.Dispose();
    }

    private EventView? Next(JournalReader reader, EventFilter wanted, CancellationToken cancellationToken)
    {
        while (reader.TryRead(out var line))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var e = EventView.Of(line);
            if (e.IsControl && e["event.action"] == "journal.recovered" && e["security_audit.journal.to"].Length > 0)
            {
                Adoptions.Add(e);
            }

            if (wanted.Matches(e))
                return e;
        }

        return null;
    }
}
