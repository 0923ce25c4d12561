using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Detection.Rules;
using static SecurityAudit.Tests.Detection.SomeAttempt;

namespace SecurityAudit.Tests.Detection;

/// <summary>Detection fails open: what throws for one rule is that rule's alone.</summary>
public sealed class RuleFailureTests
{
    [Fact]
    public void WhatThrowsAtAnAlertThatIsReadKeepsNoRuleFromTheNextLine()
    {
        var alert = new Watched([RuleCatalogue.BuiltIn["password_spraying"]]).Sees(Spray(5, 15)).Alert;
        List<string> failures = [];
        var engine = new RuleEngine(
            [RuleCatalogue.BuiltIn["password_spraying"], RuleCatalogue.BuiltIn["brute_force"]], new NamedLists(["Admin"], [], []), new RuleExceptions(), resolver: null, seed: 7,
            (watch, failure) => failures.Add($"{watch.Rule.Id}: {failure.Message}"));
        var (clock, receiver) = (new JournalClock(new FakeTimeProvider(Noon)), new BrokenReceiver());

        Assert.True(engine.Observe(alert.Line(), clock, receiver));
        foreach (var attempt in Enumerable.Range(0, 10).Select(n => Failed("ada", at: Noon.AddSeconds(n * 20))))
        {
            engine.Observe(attempt.Line(), clock, receiver);
        }

        Assert.Equal(["password_spraying: no room"], failures);
        Assert.Equal(["brute_force"], receiver.Raised);
    }

    private sealed class BrokenReceiver : IAlertReceiver
    {
        public List<string> Raised { get; } = [];

        void IAlertReceiver.Raised(Attack attack, Finding finding) => Raised.Add(attack.Watch.Rule.Id);

        void IAlertReceiver.WasTold(Attack attack) => throw new InvalidOperationException("no room");

        void IAlertReceiver.Summed(Attack attack, Finding since) => Raised.Add("summary");

        void IAlertReceiver.Resolved(Attack attack) => Raised.Add("end");
    }
}
