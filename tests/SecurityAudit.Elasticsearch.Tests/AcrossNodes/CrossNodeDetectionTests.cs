using System.Text.Json.Nodes;
using SecurityAudit.Detection;
using SecurityAudit.Elasticsearch.AcrossNodes;

namespace SecurityAudit.Elasticsearch.Tests.AcrossNodes;

/// <summary>Pass after pass over what nodes ship, on both real engines.</summary>
public sealed class CrossNodeDetectionTests(Engines engines)
{
    public static TheoryData<string> Both => Engines.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task AnAttackIsToldOnceHoweverOftenItIsLookedAt(string engine)
    {
        var attack = Spray();
        using var shop = await ShopOfNodes.OpenAsync(engines, engine, attack.Take(12));
        var kept = new KeptAlerts();
        var detection = shop.Detection(kept);

        Assert.Empty(await detection.PassAsync(AttackHour.Begin.AddMinutes(12), TimeSpan.Zero, TestContext.Current.CancellationToken));
        await shop.HappenAsync(attack.Skip(12).Take(6));
        Assert.Single(await detection.PassAsync(AttackHour.Begin.AddMinutes(20), TimeSpan.Zero, TestContext.Current.CancellationToken));
        await shop.HappenAsync(attack.Skip(18));
        Assert.Empty(await detection.PassAsync(AttackHour.Begin.AddMinutes(40), TimeSpan.Zero, TestContext.Current.CancellationToken));

        Assert.Equal(["password_spraying " + AttackHour.Spread], kept.Raised);
        Assert.Equal((24, 0), (detection.Judged, detection.ReadAgain)); // it went on from where it stood
    }

    [Theory, MemberData(nameof(Both))]
    public async Task WhatANodeShipsLateIsJudgedInItsPlace(string engine)
    {
        var attack = Spray();
        using var shop = await ShopOfNodes.OpenAsync(engines, engine, attack.Where(e => e.Node != 2));
        var kept = new KeptAlerts();
        var detection = shop.Detection(kept);
        await detection.PassAsync(AttackHour.Begin.AddMinutes(15), TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Empty(kept.Raised); // two nodes of three do not have enough of it by then

        await shop.HappenAsync(attack.Where(e => e.Node == 2));
        await detection.PassAsync(AttackHour.Begin.AddMinutes(16), TimeSpan.Zero, TestContext.Current.CancellationToken);
        await detection.PassAsync(AttackHour.Begin.AddMinutes(17), TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal(["password_spraying " + AttackHour.Spread], kept.Raised);
        Assert.Equal(1, detection.ReadAgain);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task WhatANodeHasToldItselfIsNotToldAgain(string engine)
    {
        var attack = Spray();
        var alert = new JsonObject
        {
            ["@timestamp"] = At(20), ["event.action"] = "alert_password_spraying", ["event.kind"] = "alert", ["rule.id"] = "password_spraying",
            ["security_audit.alert.id"] = "0196f0aa-0000-7000-8000-00000000aaaa", ["security_audit.alert.condition"] = 1, ["security_audit.alert.stage"] = "raised",
            ["source.ip"] = AttackHour.Spread,
        };
        using var shop = await ShopOfNodes.OpenAsync(engines, engine, attack.Append((0, alert)));
        var kept = new KeptAlerts();

        await shop.Detection(kept).PassAsync(AttackHour.End, TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Empty(kept.All);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task ARuleThatCountsAlertsCountsThoseThatAreFoundHereAsSoonAsTheyAre(string engine)
    {
        using var shop = await ShopOfNodes.OpenAsync(engines, engine, Spray());
        var kept = new KeptAlerts();
        var sprays = new DetectionRule
        {
            Id = "owner_sprays",
            Name = "A spray was found",
            Description = "Counts alerts.",
            When = [new ThresholdCondition { Events = EventPattern.OfActions("alert_password_spraying"), GroupBy = ["source.ip"], Count = 1, Within = TimeSpan.FromHours(1) }],
            Alert = "A spray from {source.ip}.",
            Advice = "Look.",
        };

        await shop.Detection(kept, more: sprays).PassAsync(AttackHour.Begin.AddMinutes(40), TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal(["owner_sprays " + AttackHour.Spread, "password_spraying " + AttackHour.Spread], kept.Raised.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task AfterARestartItKnowsFromItsJournalWhatItHasTold(string engine)
    {
        using var shop = await ShopOfNodes.OpenAsync(engines, engine, Spray());
        var (kept, told) = (new KeptAlerts(), new ToldAttacks());
        await shop.Detection(kept, told: told).PassAsync(AttackHour.Begin.AddMinutes(30), TimeSpan.Zero, TestContext.Current.CancellationToken);
        var first = Assert.Single(kept.All);

        await shop.Detection(kept, told: told).PassAsync(AttackHour.Begin.AddMinutes(31), TimeSpan.Zero, TestContext.Current.CancellationToken);
        Assert.Single(kept.All);
        await shop.Detection(kept, told: told).PassAsync(AttackHour.Begin.AddHours(3), TimeSpan.Zero, TestContext.Current.CancellationToken);
        await shop.Detection(kept, told: told).PassAsync(AttackHour.Begin.AddHours(4), TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Equal(["raised", "resolved"], kept.All.Select(alert => alert["security_audit.alert.stage"]));
        Assert.All(kept.All, alert => Assert.Equal(first["security_audit.alert.id"], alert["security_audit.alert.id"]));
        Assert.Equal("event", kept.All[1].Kind);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task WhatTheJournalDoesNotTakeIsToldByTheNextPass(string engine)
    {
        using var shop = await ShopOfNodes.OpenAsync(engines, engine, Spray());
        var kept = new KeptAlerts { Takes = false };
        var detection = shop.Detection(kept);
        Assert.Empty(await detection.PassAsync(AttackHour.Begin.AddMinutes(30), TimeSpan.Zero, TestContext.Current.CancellationToken));

        kept.Takes = true;
        Assert.Single(await detection.PassAsync(AttackHour.Begin.AddMinutes(31), TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AnEventThatIsStoredTwiceCountsOnce()
    {
        using var shop = await ShopOfNodes.OpenAsync(engines, Engines.OpenSearch, Spray().Take(14));
        var hit = (await Ask.JsonAsync(shop.World.Connection, HttpMethod.Post, shop.World.Target.Search + "/_search?q=event.action:authn_login_fail"))["hits"]!["hits"]![0]!;
        await shop.World.IndexAsync("a-second-time", hit["_source"]!.ToJsonString());
        await Ask.RefreshAsync(shop.World.Connection, shop.World.Target.Search);
        var kept = new KeptAlerts();
        var detection = shop.Detection(kept);

        await detection.PassAsync(AttackHour.End, TimeSpan.Zero, TestContext.Current.CancellationToken);
        await detection.PassAsync(AttackHour.End.AddMinutes(1), TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.Empty(kept.All);
        Assert.Equal((14, 0), (detection.Judged, detection.ReadAgain));
    }

    /// <summary>A spray of eight accounts that goes round the nodes, one attempt a minute.</summary>
    private static List<(int Node, JsonObject Event)> Spray() => [.. Enumerable.Range(0, 24).Select(n => (n % 3, new JsonObject
    {
        ["@timestamp"] = At(n), ["event.id"] = $"0196f0aa-0000-7000-8000-{n:x12}", ["event.action"] = "authn_login_fail", ["event.kind"] = "event", ["event.outcome"] = "failure",
        ["source.ip"] = AttackHour.Spread, ["user.hash"] = AttackHour.HashOf($"user-{n % 8}"), ["message"] = "A sign-in failed.",
    }))];

    private static string At(int minutes) => AttackHour.Begin.AddMinutes(minutes).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
