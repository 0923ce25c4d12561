namespace SecurityAudit.Detection;

/// <summary>What follows an alert in the same group: counted, not reported one by one.</summary>
internal sealed class Aftermath(DateTimeOffset since)
{
    private const int MostValues = 256;

    private readonly HashSet<int> _values = [];
    private readonly List<string> _eventIds = [];
    private DateTimeOffset _first;
    private DateTimeOffset _last;
    private int _attempts;

    public DateTimeOffset Since { get; } = since;

    public void Add(Observation observation)
    {
        _first = _attempts == 0 ? observation.At : _first;
        _last = observation.At;
        _attempts = int.Min(_attempts, int.MaxValue - 1) + 1;
        if (_values.Count < MostValues)
        {
            // A hash will do for a count, and is small.
            _values.Add(StringComparer.Ordinal.GetHashCode(observation.Value));
        }

        if (observation.EventId is { } id && _eventIds.Count < Alert.MostEventIds)
        {
            _eventIds.Add(id);
        }
    }

    /// <summary>The summary, or null when nothing followed.</summary>
    public Alert? ToAlert(DetectionRule rule, string group, string subject) => _attempts == 0
        ? null
        : new Alert(rule, group, subject, IsSummary: true, _attempts, _values.Count, _first, _last, [.. _eventIds]);
}
