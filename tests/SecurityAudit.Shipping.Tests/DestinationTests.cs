using System.Text;
using SecurityAudit.Journal;

namespace SecurityAudit.Shipping.Tests;

/// <summary>
/// Whatever a destination says, each line of a real journal is settled once, in order, and nothing is dropped: without an engine anywhere.
/// </summary>
public sealed class DestinationTests : IDisposable
{
    private readonly ShippedJournal _journal = ShippedJournal.Of(45);
    private readonly MemoryDestination _destination = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task ADestinationNeedsNothingButToSayWhatBecameOfEachLine()
    {
        var shipper = await _journal.ShipAsync(_destination);

        AssertWhole();
        Assert.Equal(_destination.Sent.SelectMany(sent => sent), _destination.Sent.SelectMany(sent => sent).Order());
        Assert.All(_destination.Sent, sent => Assert.InRange(sent.Length, 1, 10));
        Assert.Equal((_destination.Stored.Count, _destination.Stored.Count), (shipper.Record.Next, shipper.Record.Stored));
        Assert.Empty(_journal.Notices);
    }

    [Fact]
    public async Task ARestartGoesOnAtTheBookmarkAndAnotherTargetBeginsAnew()
    {
        await _journal.ShipAsync(_destination);
        var before = _destination.Stored.Count;
        _destination.Sent.Clear();
        _journal.Append(5);

        await _journal.ShipAsync(_destination);
        var other = new MemoryDestination { Target = "elsewhere" };
        await _journal.ShipAsync(other);

        AssertWhole();
        Assert.Equal(before, _destination.Sent[0][0]);
        Assert.Equal(_destination.Stored, other.Stored);
    }

    [Fact]
    public async Task WhatTheDestinationWantsToRememberComesBackWithTheBookmark()
    {
        await _journal.ShipAsync(new MemoryDestination { Memo = "since 41" });

        Assert.Equal("since 41", _journal.Files().Load()!.Memo);
    }

    [Theory]
    [InlineData(nameof(BatchOutcomeKind.Later))]
    [InlineData(nameof(BatchOutcomeKind.NotReached))]
    [InlineData(nameof(BatchOutcomeKind.Unknown))]
    [InlineData(nameof(BatchOutcomeKind.Closed))]
    [InlineData(nameof(BatchOutcomeKind.TooLarge))]
    [InlineData(nameof(BatchOutcomeKind.Spoiled))]
    public async Task NoOutcomeOfAWholeBatchDropsALine(string name)
    {
        var kind = Enum.Parse<BatchOutcomeKind>(name);
        _destination.Next(_ => new BatchOutcome(kind, "not so") { Status = 1 }, times: 2);

        await _journal.ShipAsync(_destination);

        AssertWhole();
        Assert.Empty(_journal.Files().DeadLetters());
        ShippingNoticeKind[] expected = kind switch
        {
            BatchOutcomeKind.TooLarge => [], // less at a time is all that it asks for
            BatchOutcomeKind.Closed => [ShippingNoticeKind.Paused, ShippingNoticeKind.Resumed],
            _ => [ShippingNoticeKind.Waiting, ShippingNoticeKind.Resumed],
        };
        Assert.Equal(expected, _journal.Notices.Select(notice => notice.Kind));
    }

    [Fact]
    public async Task AnAnswerThatDoesNotSpeakOfEachLineSettlesNone()
    {
        _destination.Next(part => new BatchOutcome(BatchOutcomeKind.Answered) { Lines = [new LineOutcome(LineVerdict.Stored, 0, "1", null)] });

        await _journal.ShipAsync(_destination);

        AssertWhole();
        Assert.Contains("memory spoke of 1 lines, expected 10.", _journal.Notices[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABatchThatOneLineSpoilsIsBisectedToItAndItsEnvelopeIsSent()
    {
        BatchOutcome? Spoiled(BatchPart part) => part.Entries.Any(entry => entry.Sequence == 17 && entry.Envelope is null)
            ? new BatchOutcome(BatchOutcomeKind.Spoiled, "poison") { Status = 400 }
            : null;
        _destination.Next(Spoiled, times: 100);

        var shipper = await _journal.ShipAsync(_destination);

        var letter = Assert.Single(_journal.Files().DeadLetters());
        Assert.Equal((17L, 400, "poison"), (letter.Sequence, letter.Status, letter.Reason));
        Assert.Contains("\"security_audit.shipping.envelope\":true", _destination.Stored[17], StringComparison.Ordinal);
        Assert.Equal(_journal.Lines().Keys, _destination.Stored.Keys);
        Assert.Equal(1, shipper.Record.DeadLetters);
    }

    [Fact]
    public async Task ALineThatIsRefusedWithItsEnvelopeDoesNotHoldUpTheRest()
    {
        _destination.Judge = (_, entry) => entry.Sequence == 17 ? new LineOutcome(LineVerdict.Refused, 400, "", "never") : null;

        await _journal.ShipAsync(_destination);

        Assert.Equal(_journal.Lines().Keys.Where(sequence => sequence != 17), _destination.Stored.Keys);
        Assert.StartsWith("the envelope too", Assert.Single(_journal.Files().DeadLetters()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnlyTheLinesThatFoundNoRoomAreSentAgain()
    {
        var full = true;
        _destination.Judge = (_, entry) =>
        {
            var refused = full && entry.Sequence is 3 or 7 && full;
            full = full && entry.Sequence < 9;
            return refused ? new LineOutcome(LineVerdict.TryAgain, 429, "", "full") : null;
        };

        await _journal.ShipAsync(_destination);

        AssertWhole();
        Assert.Equal([3L, 7], _destination.Sent[1]);
    }

    [Fact]
    public async Task ADoubtIsKeptByItsRangeWithTheNumberOfItsLines()
    {
        _destination.Judge = (_, entry) => entry.Sequence is >= 12 and <= 14 && _destination.Stored.TryAdd(entry.Sequence, _journal.Lines()[entry.Sequence])
            ? new LineOutcome(LineVerdict.Stored, 0, "2", null, Doubt.StoredTwice)
            : null;

        var shipper = await _journal.ShipAsync(_destination);

        var doubt = Assert.Single(_journal.Files().Doubts());
        Assert.Equal((12L, 14L, "2"), (doubt.From, doubt.To, doubt.Place));
        Assert.Equal(3, shipper.Record.Doubtful);
        AssertWhole();
    }

    [Theory]
    [InlineData("""{"@timestamp":"2026-11-24T04:00:00\ud800"}""")]
    [InlineData("""{"@timestamp":17,"event.action":"\ud800"}""")]
    [InlineData("""{"\ud800":"","event.action":[1]}""")]
    public async Task ALineThatIsNoUnicodeIsShippedAndSetAsideLikeAnyOther(string hostile)
    {
        await using (var writer = JournalWriter.Open(_journal.Path, new JournalOptions { WarnFreeBytes = 0, CriticalFreeBytes = 0, ReserveBytes = 0 }))
        {
            writer.Append(Encoding.UTF8.GetBytes(hostile));
        }

        var sequence = _journal.Lines().Single(line => line.Value.Contains("ud800", StringComparison.Ordinal)).Key;
        _destination.Judge = (_, entry) => entry.Sequence == sequence && entry.Envelope is null ? new LineOutcome(LineVerdict.Refused, 400, "", "no Unicode") : null;

        await _journal.ShipAsync(_destination);

        Assert.Equal(_journal.Lines().Keys, _destination.Stored.Keys);
        Assert.Contains("\"event.action\":\"unknown\"", _destination.Stored[sequence], StringComparison.Ordinal);
        Assert.Equal(sequence, Assert.Single(_journal.Files().DeadLetters()).Sequence);
    }

    [Fact]
    public async Task AForkThatTheDestinationSawIsToldAndRemembered()
    {
        _destination.Next(part => _destination.Store(part) with { Forks = [new Fork(_journal.Log.Id, 4, ["a", "b"])] });

        var shipper = await _journal.ShipAsync(_destination);

        Assert.Equal(4, shipper.Record.ForkedAt);
        Assert.Contains("2 different lines 4", Assert.Single(_journal.Notices).Message, StringComparison.Ordinal);
    }

    private void AssertWhole() => Assert.Equal(_journal.Lines(), _destination.Stored);
}
