using SecurityAudit.Detection.Rules;
using static SecurityAudit.Tests.Detection.SomeAttempt;

namespace SecurityAudit.Tests.Detection;

/// <summary>What rules tell, made by the rules themselves.</summary>
internal static class SomeAlert
{
    /// <summary>An alert of each rule, then a summary and an end.</summary>
    public static IReadOnlyList<SecurityEvent> OfEachRule()
    {
        List<SecurityEvent> told = [];
        foreach (var (id, events) in RuleExamples.All)
        {
            var watched = new Watched([RuleCatalogue.BuiltIn[id]], resolver: new RuleExamples.Map(), honeytokens: ["svc-backup"]).Sees(events);
            told.Add(Assert.Single(watched.Told));
        }

        var withReference = RuleCatalogue.BuiltIn["password_spraying"] with { Reference = "https://shop.example/runbook" };
        var spray = new Watched([withReference])
            .Sees(Spray(5, 15)).Sees(Enumerable.Range(1, 6).Select(n => Failed("user-1", at: Noon.AddMinutes(10 * n))))
            .Waits(TimeSpan.FromMinutes(1)).Waits(TimeSpan.FromMinutes(16));
        return [.. told, .. spray.Told.Skip(1)];
    }
}
