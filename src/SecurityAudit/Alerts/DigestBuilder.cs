using System.Globalization;
using SecurityAudit.Journal;

namespace SecurityAudit.Alerts;

/// <summary>Counts alerts that are too many to be told one by one; as large for a million as for a hundred.</summary>
internal sealed class DigestBuilder
{
    public const int MostRows = 100;
    public const int MostWorst = 10;
    private const string Others = "others";

    private readonly Dictionary<(string Rule, EventSeverity Severity), AlertDigestRow> _rows = [];
    private readonly List<AlertNotification> _worst = [];
    private AlertNotification? _first;
    private AlertNotification? _last;
    private DateTimeOffset _from = DateTimeOffset.MaxValue;
    private DateTimeOffset _to = DateTimeOffset.MinValue;

    public long Total { get; private set; }

    /// <summary>The line behind which all that is in here lies; null where they are of no journal.</summary>
    public JournalBookmark? End { get; private set; }

    public DateTimeOffset To => _to;

    public AlertNotification? First => _first;

    /// <summary>Ids of the worst.</summary>
    public IEnumerable<string> Ids => _worst.Select(alert => alert.Id);

    public void Add(AlertNotification alert, JournalBookmark? bookmark)
    {
        Total++;
        End = bookmark;
        _first ??= alert;
        _last = alert;
        _from = alert.Timestamp < _from ? alert.Timestamp : _from;
        _to = alert.Timestamp > _to ? alert.Timestamp : _to;
        Count(alert);
        if (_worst.Count < MostWorst || alert.Severity > _worst[^1].Severity)
        {
            var at = _worst.FindIndex(other => other.Severity < alert.Severity);
            _worst.Insert(at < 0 ? _worst.Count : at, alert);
            if (_worst.Count > MostWorst)
            {
                _worst.RemoveAt(MostWorst);
            }
        }
    }

    public AlertDelivery Delivery() => new()
    {
        Id = $"digest-{KeyOf(_first!)}-{KeyOf(_last!)}",
        Digest = new AlertDigest
        {
            Total = Total,
            From = _from,
            To = _to,
            Rows = [.. _rows.Values.OrderByDescending(row => row.Severity).ThenByDescending(row => row.Raised + row.Updates).ThenBy(row => row.RuleId, StringComparer.Ordinal)],
            Worst = [.. _worst],
        },
    };

    /// <summary>By what the same alert is told again: its line's own id.</summary>
    public static string KeyOf(AlertNotification alert) =>
        alert.EventId ?? (alert.Sequence is { } sequence ? string.Create(CultureInfo.InvariantCulture, $"{alert.LogId}-{sequence}") : $"{alert.Id}-{alert.Stage}");

    private void Count(AlertNotification alert)
    {
        var key = (alert.RuleId, alert.Severity);
        var name = alert.RuleName;
        if (!_rows.ContainsKey(key) && _rows.Count >= MostRows - Enum.GetValues<EventSeverity>().Length)
        {
            (key, name) = ((Others, alert.Severity), Others);
        }

        var row = _rows.GetValueOrDefault(key) ?? new AlertDigestRow(key.Item1, name, alert.Severity, 0, 0);
        _rows[key] = alert.Stage == AlertStage.Raised ? row with { Raised = row.Raised + 1 } : row with { Updates = row.Updates + 1 };
    }
}
