namespace SecurityAudit.Detection.Engine;

/// <summary>One group's events within the rule's window, oldest first; counts are kept, not counted.</summary>
internal sealed class WatchedGroup(ulong key)
{
    private Observation[] _observations = new Observation[2];

    public ulong Key { get; } = key;

    public int Count { get; private set; }

    /// <summary>How many events the observations stand for.</summary>
    public long Weight { get; private set; }

    public int Distinct { get; private set; }

    public long LastActive { get; private set; }

    /// <summary>How often the group was seen altogether: who was seen least makes room.</summary>
    public int Score { get; set; }

    public ReadOnlySpan<Observation> Observations => _observations.AsSpan(0, Count);

    /// <summary>Adds one; of its value no more than so many stay, and no more than so many altogether.</summary>
    public void Add(in Observation observation, int eachAtMost, int most)
    {
        LastActive = observation.At;
        Score++;
        var (same, oldestOfIt) = Find(observation.Value);
        if (same >= eachAtMost)
        {
            RemoveAt(oldestOfIt);
            same--;
        }

        if (Count == most)
        {
            same -= _observations[0].Value == observation.Value ? 1 : 0;
            RemoveAt(0);
        }

        if (Count == _observations.Length)
        {
            Array.Resize(ref _observations, int.Min(Count * 2, most));
        }

        _observations[Count++] = observation;
        Weight += observation.Weight;
        Distinct += same == 0 ? 1 : 0;
    }

    /// <summary>Forgets what is older.</summary>
    public void Expire(long oldest)
    {
        while (Count > 0 && _observations[0].At < oldest)
        {
            RemoveAt(0);
        }
    }

    /// <summary>Takes back what was counted of a value.</summary>
    public void Remove(ulong value)
    {
        for (var index = Count - 1; index >= 0; index--)
        {
            if (_observations[index].Value == value)
            {
                RemoveAt(index);
            }
        }
    }

    private (int Count, int Oldest) Find(ulong value)
    {
        var (count, oldest) = (0, -1);
        for (var index = Count - 1; index >= 0; index--)
        {
            if (_observations[index].Value == value)
            {
                (count, oldest) = (count + 1, index);
            }
        }

        return (count, oldest);
    }

    private void RemoveAt(int index)
    {
        var removed = _observations[index];
        Weight -= removed.Weight;
        _observations.AsSpan(index + 1, Count - index - 1).CopyTo(_observations.AsSpan(index));
        Count--;
        Distinct -= Find(removed.Value).Count == 0 ? 1 : 0;
    }
}
