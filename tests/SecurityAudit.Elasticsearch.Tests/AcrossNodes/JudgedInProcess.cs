using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Elasticsearch.AcrossNodes;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Tests.AcrossNodes;

/// <summary>
/// A real journal, judged line by line as the process judges its own: what is found is a line itself, behind the one that showed it.
/// </summary>
internal sealed class JudgedInProcess : IAlertReceiver
{
    private readonly EventQueries _queries = new(ShopOfNodes.Lists);
    private readonly Queue<ReadOnlyMemory<byte>> _alerts = [];
    private DateTimeOffset _at;

    /// <summary>The rule and the group of each alert of the hour.</summary>
    public List<string> Raised { get; } = [];

    public static IReadOnlyList<string> Of(string journalDirectory)
    {
        var judged = new JudgedInProcess();
        var engine = new RuleEngine(
            RuleCatalogue.BuiltIn.Values, ShopOfNodes.Lists, new RuleExceptions(), null, seed: 7, (watch, failure) => Assert.Fail($"{watch.Rule.Id}: {failure}"));
        var clock = new JournalClock(TimeProvider.System);
        using var reader = new JournalReader(journalDirectory);
        while (reader.TryRead(out var line))
        {
            if (line.IsControl)
            {
                continue; // the journal's own lines are of today, and the hour is of another day
            }

            judged._at = LineFields.Timestamp(line.Utf8.Span) ?? judged._at;
            engine.Observe(line.Utf8, clock, judged);
            while (judged._alerts.TryDequeue(out var alert))
            {
                engine.Observe(alert, clock, judged);
            }
        }

        return judged.Raised;
    }

    void IAlertReceiver.Raised(Attack attack, Finding finding)
    {
        if (_at >= AttackHour.Begin)
        {
            Raised.Add($"{attack.Watch.Rule.Id} {attack.Subject.Group}");
        }

        _alerts.Enqueue(ToldAttack.Of(attack, AlertEvents.Raised(attack, finding, _queries)).Line);
    }

    void IAlertReceiver.WasTold(Attack attack)
    {
    }

    void IAlertReceiver.Summed(Attack attack, Finding since)
    {
    }

    void IAlertReceiver.Resolved(Attack attack)
    {
    }
}
