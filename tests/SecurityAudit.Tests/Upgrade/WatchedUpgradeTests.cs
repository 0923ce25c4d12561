using SecurityAudit.Acceptance.Tests;
using SecurityAudit.Alerts;
using SecurityAudit.Detection.Following;
using SecurityAudit.Journal.Tests;
using SecurityAudit.Journal.Tests.Upgrade;
using SecurityAudit.Tests.Alerts;
using static SecurityAudit.Tests.Detection.SomeAttempt;

namespace SecurityAudit.Tests.Upgrade;

/// <summary>What the detection and the alert channels of a version before remember is what this one goes on from.</summary>
public sealed class WatchedUpgradeTests : IDisposable
{
    private const string First = "5ao4vxst";
    private const string Second = "z436mskn";
    private const string SecondAttacker = "203.0.113.8";

    private static readonly DateTimeOffset Now = Noon.AddMinutes(7);

    private readonly UpgradedFiles _files = new("watched", "journal");

    private string Journal => Path.Combine(_files.Path, "journal");

    public void Dispose() => _files.Dispose();

    [Fact]
    public void TheStateOfDetectionOfAVersionBeforeIsRead()
    {
        var first = DetectionState.FileOf(Journal, First).Load()!;
        var second = DetectionState.FileOf(Journal, Second).Load()!;

        Assert.Equal((23L, -3236671972040166100), (first.Bookmark!.Sequence, first.Seed));
        Assert.Equal(4, second.Bookmark!.Sequence);
        Assert.Equal(["dormant_account#1", "new_source_for_administrator#1"], first.Histories.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            new HistoryEntry(14872594787610480597, 8664207544636567006, 11869209), Assert.Single(first.Histories["new_source_for_administrator#1"]));
    }

    [Fact]
    public void WhatTheChannelsOfAVersionBeforeDeliveredIsRead()
    {
        var pager = DeliveryRecord.FileOf(Journal, First, "pager").Load()!;
        var chat = DeliveryRecord.FileOf(Journal, First, "chat").Load()!;

        Assert.Equal((24L, 3L, 1L, 0L), (pager.Next, pager.Size, pager.Delivered, pager.GivenUp));
        Assert.Equal((23L, 23L, DeliveryResult.Delivered), (Assert.Single(pager.Recent).From, pager.Recent[0].To, pager.Recent[0].Result));
        Assert.Equal((0L, 4L, "The chat is off."), (chat.Next, chat.Size, chat.Problem));
        Assert.NotNull(chat.FailingSince);
        Assert.Equal(["chat", "pager"], DeliveryRecord.Of(Journal, First).Select(record => record.Channel));
    }

    [Fact]
    public async Task AnAttackThatAVersionBeforeToldIsNotToldAgainAndOneThatItLeftUnjudgedIsTold()
    {
        Assert.Equal([Attacker], Sprayers());
        using var life = await WatchedLife.StartAsync(_files.Path, Now);
        await life.RecordAsync(Spray(5, 9, at: Now));

        Eventually.True(() => Sprayers().Contains(SecondAttacker, StringComparer.Ordinal), "an alert about what stood in the other log");
        await life.StopAsync();

        Assert.Equal(First, life.Writer.Id);
        Assert.Equal([Attacker, SecondAttacker], Sprayers());
        Assert.True(DetectionState.FileOf(Journal, First).Load()!.Bookmark!.Sequence > 23);
        IsOfTheSameForm("detection", $"{First}.state");
    }

    [Fact]
    public async Task AnAlertThatAVersionBeforeDeliveredIsNotDeliveredAgainAndOneThatWaitedIs()
    {
        CollectingSink pager = new("pager"), chat = new("chat");
        using var life = await WatchedLife.StartAsync(_files.Path, Now, detects: false, pager, chat);
        await life.RecordAsync(SomeAlert.Event("the next"));

        Eventually.True(() => pager.Delivered.Count > 0 && chat.Delivered.Count > 1, "the next on both channels");
        await life.StopAsync();

        Assert.Equal(["the next"], pager.Sentences);
        Assert.Equal(2, chat.Delivered.Count);
        Assert.Contains(Attacker, chat.Delivered[0].Sentence, StringComparison.Ordinal);
        Assert.Equal(2, DeliveryRecord.FileOf(Journal, First, "pager").Load()!.Delivered);
        IsOfTheSameForm("alerts", $"{First}.pager.delivered");
    }

    /// <summary>What this version wrote has the members that the version before wrote, so that either goes on from the other's.</summary>
    private void IsOfTheSameForm(string folder, string file) =>
        Assert.Equal(Members(Repository.PathOf("tests", "Upgrade", "watched", "journal", folder, file)), Members(Path.Combine(Journal, folder, file)));

    /// <summary>Histories are named by the rules that there are.</summary>
    private static IEnumerable<string> Members(string path) =>
        UpgradedFiles.Members(path).Where(member => !member.StartsWith(".histories.", StringComparison.Ordinal));

    private IEnumerable<string?> Sprayers() =>
        JournalEvents.Read(Journal).Where(e => e.Text("event.action") == "alert_password_spraying").Select(e => e.Text("source.ip"));
}
