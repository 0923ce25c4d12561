using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Detection.Rules;

namespace SecurityAudit.Tests.Detection;

/// <summary>The rules over lines that were written by hand; alerts are lines again, as in the journal.</summary>
internal sealed class Watched : IAlertReceiver
{
    private readonly EventQueries _queries;
    private readonly RuleEngine _engine;

    public Watched(
        IEnumerable<DetectionRule>? rules = null, RuleExceptions? exceptions = null, ILocationResolver? resolver = null,
        IReadOnlyList<string>? honeytokens = null, TimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(SomeAttempt.Noon);
        Clock = new JournalClock(Time);
        var lists = new NamedLists(["Admin"], [.. honeytokens ?? []], []);
        _queries = new EventQueries(lists);
        _engine = new RuleEngine(
            rules ?? RuleCatalogue.BuiltIn.Values, lists, exceptions ?? new(), resolver, seed: 7, (watch, failure) => Failures.Add($"{watch.Rule.Id}: {failure.Message}"));
    }

    public TimeProvider Time { get; }

    public JournalClock Clock { get; }

    /// <summary>Everything that was told, in its order.</summary>
    public List<SecurityEvent> Told { get; } = [];

    public List<string> Failures { get; } = [];

    /// <summary>The rules that raised an alert, and of what group, each as often as it did.</summary>
    public IEnumerable<string> Raised => Told.Where(told => told.Kind == "alert").Select(told => $"{told["rule.id"]} {told["security_audit.alert.group"]}");

    public SecurityEvent Alert => Assert.Single(Told, told => told.Kind == "alert");

    public Watched Sees(params IEnumerable<SecurityEvent> events)
    {
        foreach (var e in events)
        {
            var told = Told.Count;
            SeesLine(e.Line());
            for (; told < Told.Count; told++)
            {
                SeesLine((Told[told] with { Timestamp = e.Timestamp }).Line());
            }
        }

        return this;
    }

    public void SeesLine(byte[] line) => _engine.Observe(line, Clock, this);

    /// <summary>All is read, and so much time passes.</summary>
    public Watched Waits(TimeSpan time)
    {
        Clock.BeginLive();
        ((FakeTimeProvider)Time).Advance(time);
        return Review();
    }

    public Watched Review()
    {
        _engine.Review(Clock.Pass(), this);
        return this;
    }

    void IAlertReceiver.Raised(Attack attack, Finding finding) => Told.Add(AlertEvents.Raised(attack, finding, _queries));

    void IAlertReceiver.WasTold(Attack attack)
    {
    }

    void IAlertReceiver.Summed(Attack attack, Finding since) => Told.Add(AlertEvents.Summed(attack, since, _queries));

    void IAlertReceiver.Resolved(Attack attack) => Told.Add(AlertEvents.Resolved(attack, _queries));
}
