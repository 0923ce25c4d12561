using SecurityAudit.Opening;
using SecurityAudit.Tool.Tests;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>The Quickstart as a newcomer runs it, its journal shipped by the tool, and every panel asked what it shows of it.</summary>
public sealed class QuickstartPanelsTests(Engines engines)
{
    /// <summary>
    /// A good morning in the shop shows no trouble of the audit itself, no other place in the world, and attacks only as alerts: probing
    /// and rate limits are not captured yet. <see cref="KibanaPanelsTests"/> feeds these.
    /// </summary>
    private static readonly string[] Quiet =
    [
        "security-audit-attacks: Attack events",
        "security-audit-attacks: Attack tools and agents",
        "security-audit-attacks: Attacking sources",
        "security-audit-attacks: Attacks by kind",
        "security-audit-attacks: Probed paths",
        "security-audit-attacks: Rate limits hit",
        "security-audit-attacks: Sources and what they did",
        "security-audit-authentication: Countries",
        "security-audit-integrity: Events that the engine refused",
        "security-audit-integrity: Gaps and troubles",
        "security-audit-integrity: Monitors switched off",
        "security-audit-integrity: Not covered",
        "security-audit-integrity: Redaction that failed",
        "security-audit-overview: Attacks",
        "security-audit-search-integrity",
    ];

    [Theory, MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]
    public async Task EveryPanelReturnsRowsOverTheQuickstartsEventsButThoseThatShowTrouble(string engine)
    {
        using var world = await World.CreateAsync(engines, engine);
        using var shop = new TemporaryFolder();
        await Quickstart.VisitAsync(shop.Path);
        var ship = await ToolRun.PipedAsync("elasticsearch", "ship", Path.Combine(shop.Path, "audit"), "--url", world.Url.ToString(), "--namespace", world.Options.Namespace);
        Assert.True(ship.ExitCode == 0, ship.Output + ship.Error);

        var empty = await PanelQueries.EmptyAsync(world);

        Assert.True(
            Quiet.Order(StringComparer.Ordinal).SequenceEqual(empty.Order(StringComparer.Ordinal)),
            "Without rows:\n" + string.Join("\n", empty.Order(StringComparer.Ordinal)));
    }
}
