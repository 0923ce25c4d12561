namespace SecurityAudit.Elasticsearch.Tests.AcrossNodes;

/// <summary>The same hour, judged by a process from a journal and by queries on both real engines.</summary>
public sealed class SameAlertsTests(Engines engines)
{
    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task TheSameHourJudgedByAProcessAndByQueriesGivesTheSameAlerts(string engine)
    {
        var events = AttackHour.Events();
        using var one = DiskLog.Of(events.Count, number => events[(int)number].Event.ToJsonString());
        using var shop = await ShopOfNodes.OpenAsync(engines, engine, events);
        var found = new KeptAlerts();

        await shop.Detection(found).PassAsync(AttackHour.End, TimeSpan.Zero, TestContext.Current.CancellationToken);

        var expected = JudgedInProcess.Of(one.Log.Directory);
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Raised.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["attack_tool", "audit_health", "brute_force", "credential_stuffing", "distributed_brute_force", "dormant_account", "forced_browsing", "forged_request", "honeytoken",
                "lockout_storm",
                "mass_change", "new_source_for_administrator", "password_spraying", "privilege_escalation", "rate_limit_storm", "session_reuse", "success_after_attack"],
            found.Raised.Select(alert => alert.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains("password_spraying " + AttackHour.Spread, found.Raised);
        Assert.DoesNotContain(found.Raised, alert => alert.Contains("198.51.100.", StringComparison.Ordinal)); // whoever is honest
    }

    [Fact]
    public void AnAttackThatIsSpreadOverTheNodesIsSeenWholeByNoneOfThem()
    {
        foreach (var node in AttackHour.Events().GroupBy(e => e.Node))
        {
            var lines = node.Select(e => e.Event.ToJsonString()).ToList();
            using var log = DiskLog.Of(lines.Count, number => lines[(int)number]);

            Assert.DoesNotContain("password_spraying " + AttackHour.Spread, JudgedInProcess.Of(log.Log.Directory));
        }
    }
}
