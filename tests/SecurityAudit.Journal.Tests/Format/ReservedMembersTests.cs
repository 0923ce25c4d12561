using System.Text;

namespace SecurityAudit.Journal.Tests.Format;

/// <summary>No event passes for a line of the journal's own, whichever of two members a reader takes.</summary>
public sealed class ReservedMembersTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"a":1,"event.sequence":9}""", "event.sequence")]
    [InlineData("""{"a":1,"journal.id":"aaaaaaaa"}""", "journal.id")]
    [InlineData("""{"event.hash":"x","a":1}""", "event.hash")]
    [InlineData("""{"a":1,"event\u002esequence":9}""", "event.sequence")]
    [InlineData("""{"a":1,"\u006aournal.id":9}""", "journal.id")]
    [InlineData("""{"event.action":"journal.pruned"}""", "event.action")]
    [InlineData("""{ "event.action":"journal.pruned"}""", "event.action")]
    [InlineData("""{"a":1,"event.action":"journal.pruned"}""", "event.action")]
    [InlineData("""{"event.action":"login","event.action":"journal.pruned"}""", "event.action")]
    [InlineData("""{"event.action":["login","journal.pruned"]}""", "event.action")]
    [InlineData("""{"event.action":"\u006aournal.pruned"}""", "event.action")]
    [InlineData("""{"event":{"action":"journal.pruned"}}""", "event.action")]
    [InlineData("""{"event":{"x":{"y":[1]},"sequence":9}}""", "event.sequence")]
    [InlineData("""{"journal":{"id":"aaaaaaaa"}}""", "journal.id")]
    [InlineData("""{"event":[{"a":1},{"action":"journal.pruned"}]}""", "event")]
    [InlineData("""{"event.action":"journal.pruned""", "event.action")]
    public async Task WhatOnlyTheJournalSaysIsRefusedInAnyPlace(string payload, string member)
    {
        await using var writer = _folder.Open();

        var error = Assert.Throws<ArgumentException>(() => writer.Append(Encoding.UTF8.GetBytes(payload)));

        Assert.Contains($"The payload has the member '{member}'", error.Message, StringComparison.Ordinal);
        Assert.True(writer.Append(Some.Event()) > 0);
        writer.Dispose();
        Assert.Equal(["journal.opened", "test", "journal.closed"], _folder.Actions().Where(action => action != ControlAction.Checkpoint));
    }

    [Theory]
    [InlineData("""{"event.action":"login","message":"the journal.id and event.sequence of \u0022journal.pruned\u0022"}""")]
    [InlineData("""{"security_audit.journal.size":7,"event":{"action":"login","reason":"journal.pruned"},"journal":"of the day"}""")]
    [InlineData("""{"a":{"event.sequence":7,"journal.id":"x"},"\ud800":"journal"}""")]
    [InlineData("""{"a":nothing,"event.sequence":9}""")]
    [InlineData("""{"event.sequence_of":1,"event.action":"application.journal.pruned"}""")]
    public async Task WhatOnlyMentionsItIsRecorded(string payload)
    {
        await using (var writer = _folder.Open())
        {
            Assert.True(writer.Append(Encoding.UTF8.GetBytes(payload)) > 0);
        }

        _folder.AssertSound();
    }

    [Fact]
    public void ALineInWhichSomebodyElseDoubledAMemberIsReadByWhatTheJournalWrote()
    {
        using var log = new JournalOnDisk(directory: _folder.Path); // past the writer
        log.Append("""{"event.action":"login","event.sequence":9,"journal.id":"aaaaaaaa"}""");
        using var reader = new JournalReader(_folder.Path);
        Assert.True(reader.TryRead(out _));
        Assert.True(reader.TryRead(out var line));

        var e = JournalEvent.Of(line);

        Assert.Equal((1L, "k3f5x2ab", "1", "k3f5x2ab"), (e.Sequence, e.LogId, e["event.sequence"], e["journal.id"]));
        Assert.Equal("The field event.sequence stands twice; the first counts.", e.Fault);
    }

    [Fact]
    public void AnOrdinaryPayloadCostsNothingOnTheHeap()
    {
        var payload = Encoding.UTF8.GetBytes(
            """{"@timestamp":"2026-11-24T04:00:00Z","event.action":"authn_login_fail","event.kind":"event","message":"Jürgen failed to sign in."}""");
        ReservedMembers.FirstIn(payload);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
        {
            Assert.Null(ReservedMembers.FirstIn(payload));
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
