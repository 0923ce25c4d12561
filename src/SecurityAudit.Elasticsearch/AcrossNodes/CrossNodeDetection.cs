using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>
/// The rules over the events of all nodes, by the engine that each node has for its own: a search narrows to what any rule looks at, and
/// the events are led through the rules in the order of time.
/// </summary>
/// <remarks>
/// Pass after pass it goes on from where it stood. When the engine has more events of the time that was read than were read, some came
/// late:
/// then everything is read again from as far back as the longest window, and what was told is known from the journal. One thread.
/// </remarks>
internal sealed class CrossNodeDetection
{
    private const int LinesBetweenTellings = 10_000;

    /// <summary>After so long it begins anew, from where it would if events came late: what is compared does not grow for ever.</summary>
    private static readonly TimeSpan LongestReading = TimeSpan.FromHours(12);

    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>While much is read at once, a node's own alert is waited for so long, by the time of the events.</summary>
    private static readonly TimeSpan HeldBack = TimeSpan.FromMinutes(10);

    private readonly CrossNodeSettings _settings;
    private readonly ToldAttacks _told;
    private readonly FoundAttacks _found;
    private readonly StoredEvents _events;
    private readonly EarlierEvents _earlier;
    private readonly DateTimeOffset _from;
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));
    private Reading? _reading;
    private DateTimeOffset? _readTo;

    /// <param name="connection">To the engine.</param>
    /// <param name="target">Where the events are.</param>
    /// <param name="settings">The rules.</param>
    /// <param name="told">What was told before.</param>
    /// <param name="record">Where to record what is found.</param>
    /// <param name="from">Attacks that became clear before are not told.</param>
    public CrossNodeDetection(
        ElasticsearchConnection connection, BulkTarget target, CrossNodeSettings settings, ToldAttacks told, IAlertRecord record, DateTimeOffset from)
    {
        (_settings, _told, _from) = (settings, told, from);
        _found = new FoundAttacks(new EventQueries(settings.Lists), told, record);
        _events = new StoredEvents(connection, target, Wanted(settings, told));
        _earlier = new EarlierEvents(connection, target, settings.Lists);
    }

    /// <summary>How many events the rules were led through, again and again those that were read again.</summary>
    public long Judged { get; private set; }

    /// <summary>How often everything was read again since events came late.</summary>
    public int ReadAgain { get; private set; }

    /// <summary>Judges what there is up to a moment, and tells what nobody has told.</summary>
    /// <param name="to">Up to when.</param>
    /// <param name="held">What becomes clear in so much time before it is told by the next pass: a node may tell it yet.</param>
    /// <param name="cancellationToken">Ends it halfway.</param>
    /// <returns>The alerts that were raised now.</returns>
    /// <exception cref="IOException">The engine gave no answer, or refused. The next pass begins where this one did.</exception>
    public async Task<IReadOnlyList<(SecurityEvent Alert, bool IsTrial)>> PassAsync(DateTimeOffset to, TimeSpan held, CancellationToken cancellationToken)
    {
        if (_reading is { } old && to - old.TellsFrom > _settings.Late + LongestReading)
        {
            _reading = null;
        }

        if (_reading is { } before && await _events.CountAsync(before.Start, before.Last, cancellationToken) != before.Count)
        {
            ReadAgain++;
            _reading = null;
        }

        var reading = _reading ?? await BeginAsync(cancellationToken);
        _reading = null; // what fails halfway begins anew
        await foreach (var line in _events.ReadAsync(reading.Next, to, cancellationToken))
        {
            _found.Tells = line.At >= reading.TellsFrom;
            ReadTold(reading, line.At);
            if (!line.IsCopy)
            {
                Observe(reading, line);
            }

            (reading.Count, reading.Last) = (reading.Count + 1, line.At);
            if (reading.Count % LinesBetweenTellings == 0)
            {
                _found.Tell(line.At - HeldBack);
            }
        }

        ReadTold(reading, DateTimeOffset.MaxValue);
        _found.Tell(to - held);
        reading.Engine.Review(long.Max(reading.Clock.Now, to.UtcTicks), _found);
        (_reading, _readTo) = (reading, to);
        _told.Forget(reading.Start - _settings.Late);
        var told = _found.Told.ToList();
        _found.Told.Clear();
        return told;
    }

    private async Task<Reading> BeginAsync(CancellationToken cancellationToken)
    {
        var engine = new RuleEngine(
            _settings.Rules, _settings.Lists, _settings.Exceptions, _settings.Resolver, _seed, (watch, failure) => _settings.Failed(watch.Rule.Id, failure));
        var reach = engine.Reach;
        var tellsFrom = _readTo is { } read && read - _settings.Late > _from ? read - _settings.Late : _from;
        var reading = new Reading(engine, tellsFrom, tellsFrom - reach, new Queue<ToldAttack>(_told.Since(tellsFrom - reach)));
        _found.Begin();
        foreach (var line in await _earlier.BeforeAsync(_settings.Rules, reading.Start, cancellationToken))
        {
            Observe(reading, line);
        }

        return reading;
    }

    private void Observe(Reading reading, StoredLine line)
    {
        _found.At = line.At;
        reading.Engine.Observe(line.Utf8, reading.Clock, _found);
        _found.Echo(alert => reading.Engine.Observe(alert, reading.Clock, _found));
        Judged++;
    }

    /// <summary>What was told of events before a moment, at its place among them.</summary>
    private void ReadTold(Reading reading, DateTimeOffset before)
    {
        while (reading.Told.TryPeek(out var attack) && attack.Until + Millisecond < before)
        {
            reading.Told.Dequeue();
            _found.IsOurs(attack);
            reading.Engine.Observe(attack.Line, reading.Clock, _found);
        }
    }

    /// <summary>What this detection recorded itself is known already, and stands where it belongs.</summary>
    private static JsonObject Wanted(CrossNodeSettings settings, ToldAttacks told)
    {
        var query = WantedEvents.Query(settings.Rules, settings.Lists);
        return told.Logs.Count == 0 ? query : new JsonObject
        {
            ["bool"] = new JsonObject
            {
                ["filter"] = new JsonArray(query),
                ["must_not"] = new JsonArray(PatternQuery.Terms(JournalFields.LogId.Name, told.Logs)),
            },
        };
    }

    /// <summary>How far was read, and what the rules know.</summary>
    private sealed class Reading(RuleEngine engine, DateTimeOffset tellsFrom, DateTimeOffset start, Queue<ToldAttack> told)
    {
        public RuleEngine Engine => engine;

        public JournalClock Clock { get; } = new(TimeProvider.System);

        public DateTimeOffset TellsFrom => tellsFrom;

        public DateTimeOffset Start => start;

        public Queue<ToldAttack> Told => told;

        public long Count { get; set; }

        /// <summary>The last event that was read.</summary>
        public DateTimeOffset Last { get; set; } = start - Millisecond;

        public DateTimeOffset Next => Last + Millisecond;
    }
}
