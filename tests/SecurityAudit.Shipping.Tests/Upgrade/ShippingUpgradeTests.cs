using SecurityAudit.Acceptance.Tests;
using SecurityAudit.Journal;
using SecurityAudit.Journal.Tests.Upgrade;

namespace SecurityAudit.Shipping.Tests.Upgrade;

/// <summary>What the shipping of a version before remembers is what this one goes on from.</summary>
public sealed class ShippingUpgradeTests : IDisposable
{
    private const string Target = "https://logs.example:9200 logs-securityaudit.events-default";

    private readonly UpgradedJournal _journal = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public void TheDeadLettersAndDoubtsOfAVersionBeforeAreListed()
    {
        var first = new ShippingFiles(_journal.Path, UpgradedJournal.First);
        var second = new ShippingFiles(_journal.Path, UpgradedJournal.Second);

        var letter = Assert.Single(first.DeadLetters());
        Assert.Equal((9L, 400, "document_parsing_exception: no"), (letter.Sequence, letter.Status, letter.Reason));
        Assert.Equal(46, Assert.Single(second.DeadLetters()).Sequence);
        Assert.Equal((12L, 12L, Doubt.StoredTwice), (first.Doubts()[0].From, first.Doubts()[0].To, first.Doubts()[0].Doubt));
        Assert.Equal((0L, 36L), (Assert.Single(second.Skipped()).From, second.Skipped()[0].To));
        Assert.True(first.WasShipped);
    }

    [Fact]
    public async Task ShippingGoesOnBehindTheBookmarkOfAVersionBeforeAndSendsNoLineTwice()
    {
        var files = new ShippingFiles(_journal.Path, UpgradedJournal.First);
        var before = files.Load(Target)!;
        Assert.Equal((44L, 1L, 1L, "2026.10.11"), (before.Next, before.DeadLetters, before.Doubtful, before.Memo));
        await using (var writer = _journal.Open())
        {
            writer.Append("""{"event.action":"authn_login_fail"}"""u8);
        }

        var destination = new MemoryDestination { Target = Target, Memo = before.Memo };
        var notices = new List<ShippingNotice>();

        var shipper = new LogShipper(destination, new ShippingOptions { BatchEvents = 10, Linger = TimeSpan.Zero }, files, notify: notices.Add);
        using var reader = new JournalReader(_journal.Path, shipper.Record.Bookmark);
        await shipper.ToEndAsync(reader.TryRead, null, TestContext.Current.CancellationToken);

        Assert.Empty(notices);
        var sent = destination.Sent.SelectMany(batch => batch).ToList();
        Assert.Equal(Enumerable.Range(44, sent.Count).Select(sequence => (long)sequence), sent);
        Assert.Equal(JournalVerifier.Verify(_journal.Path).Logs[0].Size, sent[^1] + 1);
        Assert.Equal((sent[^1] + 1, before.Stored + sent.Count, 1L), (shipper.Record.Next, shipper.Record.Stored, shipper.Record.DeadLetters));
        var bookmark = UpgradedJournal.First + BookmarkFiles.Extension;
        Assert.Equal(
            UpgradedFiles.Members(Repository.PathOf("tests", "Upgrade", "journal", "shipping", bookmark)), UpgradedFiles.Members(Path.Combine(files.Directory, bookmark)));
    }

    [Fact]
    public async Task ALogThatAVersionBeforeShippedWholeHasNothingToSend()
    {
        var files = new ShippingFiles(_journal.Path, UpgradedJournal.Second);
        var destination = new MemoryDestination { Target = Target };

        var shipper = new LogShipper(destination, new ShippingOptions(), files);
        using var reader = new JournalReader(JournalDirectory.LogDirectory(_journal.Path, 1), shipper.Record.Bookmark);
        await shipper.ToEndAsync(reader.TryRead, null, TestContext.Current.CancellationToken);

        Assert.Empty(destination.Sent);
        Assert.Equal(0, reader.Skipped);
    }

    [Fact]
    public void RetentionAsksTheBookmarksOfAVersionBefore() =>
        Assert.Equal([44L, 66L], JournalDirectory.Logs(_journal.Path).Select(log => Assert.Single(BookmarkFiles.Of(log)).Settled));
}
