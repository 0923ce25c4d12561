using SecurityAudit.Alerts;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests.Alerts;

public sealed class LogDeliveryTests : IDisposable
{
    private readonly DeliveredLog _log = new();

    public void Dispose() => _log.Dispose();

    private static CollectingSink Failing(string problem, bool isRefusal = false) =>
        new("pager", (_, _) => throw new AlertDeliveryException(problem) { IsRefusal = isRefusal });

    [Fact]
    public async Task AnAlertThatIsRefusedTenTimesIsSetAsideWhichIsSaidAndTheNextGoes()
    {
        var pager = new CollectingSink(
            "pager", (delivery, _) => delivery.Sentence == "poison" ? throw new AlertDeliveryException("answered 400") { IsRefusal = true } : Task.CompletedTask);
        var delivery = _log.Delivery(_log.Channel(pager));
        await _log.Write("poison");
        await _log.Write("sound");

        await _log.RunAsync(delivery);

        Assert.Equal(["sound"], pager.Sentences);
        Assert.Equal(11, pager.Attempts);
        Assert.Equal(["waiting", "given_up"], _log.Audit.Events.Select(e => (string)e[DeliveryFields.State]!));
        Assert.Equal("It was refused again and again. answered 400", _log.Audit.Events[^1].Reason);
        var record = _log.Remembered.Load()!;
        Assert.Equal((1, 1), (record.Delivered, record.GivenUp));
        Assert.Equal([DeliveryResult.GivenUp, DeliveryResult.Delivered], record.Recent.Select(range => range.Result));
    }

    [Fact]
    public async Task ADigestThatIsRefusedTenTimesBlocksNobodyEither()
    {
        var pager = new CollectingSink(
            "pager", (delivery, _) => delivery.Digest is not null ? throw new AlertDeliveryException("answered 413") { IsRefusal = true } : Task.CompletedTask);
        var delivery = _log.Delivery(_log.Channel(pager));
        for (var n = 0; n < 30; n++)
        {
            await _log.Write($"number {n}");
        }

        await _log.RunAsync(delivery);
        await _log.Write("sound");
        await _log.RunAsync(delivery);

        Assert.Equal(["sound"], pager.Sentences);
        Assert.Equal(30, _log.Remembered.Load()!.GivenUp);
        Assert.Equal(30L, _log.Audit.Events.Single(e => e[DeliveryFields.State] is "given_up")[DeliveryFields.Count]);
    }

    [Fact]
    public async Task AChannelThatIsDeadForEverGivesUpAfterSevenDaysAndHoldsTheJournalNoLonger()
    {
        var dead = Failing("nobody there");
        var delivery = _log.Delivery(_log.Channel(dead));
        await _log.Write("old");
        await _log.RunAsync(delivery, attempts: 50);
        Assert.Equal(50, dead.Attempts);
        Assert.Equal(0, _log.Remembered.Load()!.GivenUp);
        var held = _log.Remembered.Load()!.Next;

        _log.Time.Advance(TimeSpan.FromDays(7.1));
        await _log.Write("news");
        await _log.RunAsync(delivery, attempts: 20);

        Assert.Equal(1, _log.Remembered.Load()!.GivenUp);
        Assert.True(_log.Remembered.Load()!.Next > held);
        Assert.Single(_log.Audit.Events, e => e[DeliveryFields.State] is "given_up");
    }

    [Fact]
    public async Task NoAlertIsGivenUpEarlyWhateverItsTimeStampSays()
    {
        var pager = new CollectingSink("pager", (_, _) => _log.Time.GetUtcNow().Hour == 3 ? throw new AlertDeliveryException("off") : Task.CompletedTask);
        var delivery = _log.Delivery(_log.Channel(pager));
        await _log.Write("raised when the clock was years behind", at: _log.Time.GetUtcNow().AddYears(-3));
        await _log.RunAsync(delivery, attempts: 30);
        Assert.Equal(0, _log.Remembered.Load()!.GivenUp);

        _log.Time.Advance(TimeSpan.FromHours(1));
        await _log.RunAsync(delivery);

        Assert.Equal(["raised when the clock was years behind"], pager.Sentences);
    }

    [Fact]
    public async Task AChannelThatIsNewIsToldTheAlertsOfTheLastDay()
    {
        await _log.Write("last week", at: _log.Time.GetUtcNow().AddDays(-7));
        await _log.Write("this morning", at: _log.Time.GetUtcNow().AddHours(-3));
        var pager = new CollectingSink();

        await _log.RunAsync(_log.Delivery(_log.Channel(pager)));

        Assert.Equal(["this morning"], pager.Sentences);
    }

    [Fact]
    public async Task SummariesAndEndsOfAttacksAreDeliveredLikeTheirFirstWord()
    {
        var pager = new CollectingSink();
        var delivery = _log.Delivery(_log.Channel(pager));
        await _log.Write("it began");
        await _log.Write("it went on", stage: "summary");
        await _log.Write("it is over", stage: "resolved");

        await _log.RunAsync(delivery);

        Assert.Equal([AlertStage.Raised, AlertStage.Summary, AlertStage.Resolved], pager.Delivered.Select(given => given.Alert!.Stage));
        Assert.Equal(3, pager.Delivered.Select(given => given.Id).Distinct().Count());
    }

    [Fact]
    public async Task WhatIsDeliveredAgainAfterACrashHasTheSameId()
    {
        var first = new CollectingSink();
        await _log.Write("twice");
        await _log.RunAsync(_log.Delivery(_log.Channel(first)));
        File.Delete(Directory.GetFiles(Path.Combine(_log.Journal, "alerts"), "*.delivered").Single()); // the crash came before it was noted

        var second = new CollectingSink();
        await _log.RunAsync(_log.Delivery(_log.Channel(second)));

        Assert.Equal(first.Delivered.Single().Id, second.Delivered.Single().Id);
    }

    [Fact]
    public async Task ARecordThatCannotBeReadCostsARepetitionNotAnAlert()
    {
        var pager = new CollectingSink();
        await _log.Write("an alert");
        await _log.RunAsync(_log.Delivery(_log.Channel(pager)));
        File.WriteAllText(Directory.GetFiles(Path.Combine(_log.Journal, "alerts"), "*.delivered").Single(), "{ torn");

        await _log.RunAsync(_log.Delivery(_log.Channel(pager)));

        Assert.Equal(["an alert", "an alert"], pager.Sentences);
    }

    [Fact]
    public async Task WhatCannotBeNotedIsNotDeliveredTwiceByTheSameProcess()
    {
        var pager = new CollectingSink();
        var delivery = _log.Delivery(_log.Channel(pager));
        await _log.Write("once");
        var folder = Path.Combine(_log.Journal, "alerts");
        Directory.Delete(folder, recursive: true);
        File.WriteAllText(folder, "in the way");

        await _log.RunAsync(delivery);
        await _log.RunAsync(delivery);

        Assert.Equal(["once"], pager.Sentences);
    }

    [Fact]
    public async Task LinesThatAreGoneBeforeTheyWereReadAreSaid()
    {
        var pager = new CollectingSink();
        await _log.Write("the first");
        await _log.RunAsync(_log.Delivery(_log.Channel(pager)));
        for (var n = 0; n < 40; n++)
        {
            await _log.Write($"number {n}");
        }

        var segments = JournalDirectory.Segments(_log.Journal);
        Assert.True(segments.Count > 3);
        foreach (var segment in segments.Take(segments.Count - 1))
        {
            File.Delete(segment.Path);
        }

        await _log.RunAsync(_log.Delivery(_log.Channel(pager)));

        var skipped = Assert.Single(_log.Audit.Events, e => e[DeliveryFields.State] is "skipped");
        Assert.Equal(segments[^1].First - JournalSegmentOfFirst(), (long)skipped[DeliveryFields.Count]!);
        Assert.Equal("number 39", pager.Delivered[^1].Digest?.Worst[^1].Sentence ?? pager.Delivered[^1].Sentence);
    }

    private long JournalSegmentOfFirst() => _log.Remembered.Load()!.Recent[0].To + 1;

    [Fact]
    public async Task ASinkThatNeverReturnsIsWaitedForNoLongerThanTheTimeout()
    {
        var never = new CollectingSink("pager", (_, _) => new TaskCompletionSource().Task); // deaf to its token, too
        var channel = _log.Channel(never);
        await _log.Write("an alert");
        var delivery = _log.Delivery(channel);

        var run = _log.RunAsync(delivery, attempts: 2);
        while (!run.IsCompleted)
        {
            _log.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        await run;
        Assert.Equal(1, never.Attempts); // it is not called a second time beside itself
        Assert.Equal("The channel has not returned from the delivery before, which had 00:00:10.", channel.Status.Problem);
    }

    [Fact]
    public void NoChannelGetsMoreMessagesInAMinuteThanAPersonReads()
    {
        var pace = new DeliveryPace(mostMessages: 20);
        for (var n = 0; n < 20; n++)
        {
            Assert.True(pace.Wait(TimeSpan.FromSeconds(n)) <= TimeSpan.Zero);
            pace.Sent(TimeSpan.FromSeconds(n), isDigest: false);
        }

        Assert.Equal(TimeSpan.FromSeconds(40), pace.Wait(TimeSpan.FromSeconds(20)));
        Assert.True(pace.Wait(TimeSpan.FromSeconds(60)) <= TimeSpan.Zero);
        pace.Sent(TimeSpan.FromSeconds(60), isDigest: true);
        Assert.Equal(TimeSpan.FromSeconds(50), pace.Wait(TimeSpan.FromSeconds(70)));
    }
}
