namespace SecurityAudit.Detection;

/// <summary>One group's events within the rule's window; after an alert, a count of what follows.</summary>
internal sealed class ObservedGroup(DetectionRule rule, string key)
{
    /// <summary>Enough for every rule's condition; the oldest make room.</summary>
    private const int MostObservations = 64;

    private readonly List<Observation> _observations = [];
    private Aftermath? _aftermath;

    public string Key { get; } = key;

    /// <summary>The key as the latest event wrote it.</summary>
    public string Subject { get; private set; } = key;

    public int Count => _observations.Count;

    public DateTimeOffset LastActive { get; private set; }

    public Alert? Add(Observation observation, string subject)
    {
        Subject = subject;
        LastActive = observation.At > LastActive ? observation.At : LastActive;
        if (_aftermath is not null)
        {
            _aftermath.Add(observation);
            return null;
        }

        Remember(observation);
        return _observations.Count >= rule.Attempts ? Evaluate() : null;
    }

    /// <summary>The summary that is due at this time, if there is something to sum up; then the group counts anew.</summary>
    public Alert? Summarize(DateTimeOffset now)
    {
        if (_aftermath is null || now - _aftermath.Since < rule.SummaryInterval)
        {
            return null;
        }

        var summary = Summary();
        // Quiet for a whole interval: the attack is over, the next one is news.
        _aftermath = summary is null ? null : new Aftermath(now);
        return summary;
    }

    /// <summary>What has to be said before the group is forgotten.</summary>
    public Alert? Summary() => _aftermath?.ToAlert(rule, Key, Subject);

    /// <summary>Nothing is left that could lead to an alert or a summary.</summary>
    public bool IsOver(DateTimeOffset now) => _aftermath is null && now - LastActive > rule.Window;

    private void Remember(Observation observation)
    {
        var oldest = LastActive - rule.Window;
        _observations.RemoveAll(other => other.At < oldest);

        // One more than the rule allows is enough to know that a value is out.
        if (_observations.Count(other => other.Value == observation.Value) > rule.AttemptsPerValue)
        {
            _observations.RemoveAt(_observations.FindIndex(other => other.Value == observation.Value));
        }
        else if (_observations.Count == MostObservations)
        {
            _observations.RemoveAt(0);
        }

        _observations.Add(observation);
    }

    private Alert? Evaluate()
    {
        var perValue = _observations.CountBy(observation => observation.Value, StringComparer.Ordinal)
            .Where(value => value.Value <= rule.AttemptsPerValue)
            .ToDictionary(StringComparer.Ordinal);
        var counted = _observations.Where(observation => perValue.ContainsKey(observation.Value)).ToList();
        if (perValue.Count < rule.DistinctValues || counted.Count < rule.Attempts)
        {
            return null;
        }

        _observations.Clear();
        _aftermath = new Aftermath(LastActive);
        return new Alert(
            rule, Key, Subject, IsSummary: false, counted.Count, perValue.Count,
            counted.Min(observation => observation.At), counted.Max(observation => observation.At),
            [.. counted.Select(observation => observation.EventId).OfType<string>().TakeLast(Alert.MostEventIds)]);
    }
}
