using System.Text;
using System.Text.Json;

namespace SecurityAudit.Journal.Tests.Reading;

public sealed class JournalReaderTests : IDisposable
{
    private readonly JournalOnDisk _journal = new();

    [Fact]
    public void EveryLineComesOnceInOrderAcrossRolls()
    {
        for (var segment = 0; segment < 5; segment++)
        {
            _journal.AppendMany(20);
            _journal.Roll();
        }

        using var reader = new JournalReader(_journal.Directory);
        Assert.Equal(Range(0, _journal.Size), Sequences(reader));
        Assert.Equal(0, reader.Skipped);
        _journal.AppendMany(3);
        Assert.Equal(Range(_journal.Size - 3, _journal.Size), Sequences(reader));
    }

    [Fact]
    public void ALineIsGivenWithItsIdentityHashPlaceAndKind()
    {
        _journal.Append("""{"event.action":"x"}""");
        using var reader = new JournalReader(_journal.Directory);

        Assert.True(reader.TryRead(out var opened));
        Assert.True(opened.IsControl);
        Assert.True(reader.TryRead(out var line));
        Assert.False(line.IsControl);
        Assert.Equal(("k3f5x2ab", 1L, "00000000000000000000.jsonl"), (line.Id, line.Sequence, line.Segment));
        using var json = JsonDocument.Parse(line.Utf8);
        Assert.Equal(line.Hash, json.RootElement.GetProperty("event.hash").GetString());
        Assert.Equal(File.ReadAllLines(_journal.Segment)[1], Encoding.UTF8.GetString(line.Utf8.Span));
        Assert.Equal(line.Bookmark, reader.Bookmark);
    }

    [Fact]
    public void ABookmarkContinuesBehindItsLineAtEveryLine()
    {
        _journal.AppendMany(4);
        _journal.Roll();
        _journal.AppendMany(4);
        for (var read = 0; read <= _journal.Size; read++)
        {
            using var first = new JournalReader(_journal.Directory);
            for (var i = 0; i < read; i++)
            {
                Assert.True(first.TryRead(out _));
            }

            using var second = new JournalReader(_journal.Directory, first.Bookmark);
            Assert.Equal(Range(read, _journal.Size), Sequences(second));
        }
    }

    [Fact]
    public void NothingAtOrBeyondTheLimitIsRead()
    {
        _journal.AppendMany(9);
        using var reader = new JournalReader(_journal.Directory) { Limit = 4 };
        Assert.Equal(Range(0, 4), Sequences(reader));
        reader.Limit = 6;
        Assert.Equal(Range(4, 6), Sequences(reader));
        reader.Limit = null;
        Assert.Equal(Range(6, 10), Sequences(reader));
    }

    [Fact]
    public void AnUnfinishedLineIsWaitedForAtEveryLength()
    {
        var line = _journal.Seal(Some.Utf8("""{"a":1}"""));
        using var reader = new JournalReader(_journal.Directory);
        Assert.Equal(Range(0, 1), Sequences(reader));
        foreach (var piece in line[..^1])
        {
            File.AppendAllBytes(_journal.Segment, [piece]);
            Assert.False(reader.TryRead(out _));
        }

        File.AppendAllBytes(_journal.Segment, line[^1..]);
        Assert.Equal(Range(1, 2), Sequences(reader));
    }

    [Fact]
    public void ATornTailIsWaitedForUntilRecoveryCutsItAndTheLogGoesOnInANewSegment()
    {
        _journal.AppendMany(3);
        var intact = new FileInfo(_journal.Segment).Length;
        File.AppendAllText(_journal.Segment, "\0\0\0garbage\n{}\n");
        using var reader = new JournalReader(_journal.Directory);
        Assert.Equal(Range(0, 4), Sequences(reader));

        Cut(_journal.Segment, intact);
        Assert.False(reader.TryRead(out _));
        _journal.Roll();
        _journal.AppendMany(2);
        Assert.Equal(Range(4, 7), Sequences(reader));
        Assert.Equal(0, reader.Skipped);
    }

    [Fact]
    public void TheLinesOfAPoisonedSegmentThatComeAgainInTheNextAreReadOnce()
    {
        _journal.AppendMany(3);
        using var reader = new JournalReader(_journal.Directory);
        var before = Sequences(reader);
        var poisoned = _journal.Segment;
        var unacknowledged = _journal.Seal(Some.Utf8("""{"a":1}""")).Concat(_journal.Seal(Some.Utf8("""{"a":2}"""))).ToArray();
        File.AppendAllBytes(poisoned, [.. unacknowledged, .. "{\"torn"u8]);
        var during = Sequences(reader);
        File.WriteAllBytes(Path.Combine(_journal.Directory, JournalSegment.NameOf(4)), unacknowledged);
        File.AppendAllBytes(Path.Combine(_journal.Directory, JournalSegment.NameOf(4)), _journal.Seal(Some.Utf8("{}")));

        Assert.Equal(Range(0, 4), before);
        Assert.Equal(Range(4, 6), during);
        Assert.Equal(Range(6, 7), Sequences(reader));
        using var late = new JournalReader(_journal.Directory);
        Assert.Equal(Range(0, 7), Sequences(late));
    }

    [Fact]
    public void LinesThatACrashTookAndWroteAnewComeAgainFromTheirSegment()
    {
        _journal.AppendMany(3);
        var crash = _journal.State();
        var intact = new FileInfo(_journal.Segment).Length;
        _journal.AppendMany(5);
        using var before = new JournalReader(_journal.Directory);
        Assert.Equal(Range(0, 9), Sequences(before));

        Cut(_journal.Segment, intact);
        _journal.ContinueFrom(crash);
        _journal.Roll();
        _journal.Append("""{"event.action":"other"}""");

        using var after = new JournalReader(_journal.Directory, before.Bookmark);
        Assert.Equal(Range(4, 6), Sequences(after));
        Assert.Equal(Range(4, 6), Sequences(before));
    }

    [Fact]
    public void PrunedLinesArePassedOverAndCounted()
    {
        var first = _journal.Segment;
        _journal.AppendMany(9);
        _journal.Roll();
        _journal.AppendMany(9);
        using var whole = new JournalReader(_journal.Directory);
        Assert.True(whole.TryRead(out _));
        var bookmark = whole.Bookmark;
        File.Delete(first);

        using var fresh = new JournalReader(_journal.Directory);
        Assert.Equal(Range(10, 20), Sequences(fresh));
        Assert.Equal(0, fresh.Skipped);
        using var resumed = new JournalReader(_journal.Directory, bookmark);
        Assert.Equal(Range(10, 20), Sequences(resumed));
        Assert.Equal(9, resumed.Skipped);
    }

    [Fact]
    public void DamageIsPassedOverOnceTheLogGoesOnInALaterSegment()
    {
        _journal.AppendMany(9);
        Flip(_journal.Segment, line: 4);
        using var reader = new JournalReader(_journal.Directory);
        Assert.Equal(Range(0, 4), Sequences(reader));
        _journal.Roll();
        Assert.Equal([.. Range(5, 11)], Sequences(reader));
        Assert.Equal(1, reader.Skipped);
    }

    [Fact]
    public void DamageIsPassedOverWhereTheWriterSaysThatTheLogIsDurable()
    {
        _journal.AppendMany(9);
        Flip(_journal.Segment, line: 4);
        using var reader = new JournalReader(_journal.Directory) { Limit = _journal.Size };
        Assert.Equal([.. Range(0, 4), .. Range(5, 10)], Sequences(reader));
        Assert.Equal(1, reader.Skipped);
    }

    [Fact]
    public void AnEndlessLineOfGarbageNeedsNoMemoryAndIsPassedOver()
    {
        _journal.AppendMany(1);
        File.AppendAllBytes(_journal.Segment, new byte[3_000_000]);
        _journal.Roll();
        using var reader = new JournalReader(_journal.Directory);
        Assert.Equal(Range(0, 3), Sequences(reader));
    }

    [Fact]
    public void AnEmptyDirectoryIsWaitedFor()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_journal.Directory, "slot-1")).FullName;
        using var reader = new JournalReader(empty);
        Assert.False(reader.TryRead(out _));
        using var other = new JournalOnDisk("aaaaaaaa", empty);
        Assert.Equal(Range(0, 1), Sequences(reader));
    }

    [Fact]
    public async Task FollowingGivesWhatTheWriterCallsDurableAndNoMore()
    {
        _journal.AppendMany(9);
        var durable = new Queue<long>([3, 5, 10]);
        using var reader = new JournalReader(_journal.Directory)
        {
            Limit = 0,
            Follow = (_, _) => durable.TryDequeue(out var size) ? new(size) : throw new OperationCanceledException(),
        };
        var seen = new List<(long Sequence, long? Limit)>();
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var line in reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                seen.Add((line.Sequence, reader.Limit));
            }
        });
        Assert.Equal([.. Range(0, 3).Select(n => (n, (long?)3)), .. Range(3, 5).Select(n => (n, (long?)5)), .. Range(5, 10).Select(n => (n, (long?)10))], seen);
    }

    public void Dispose() => _journal.Dispose();

    // A reader holds a shared lock, so whoever cuts a segment must share it.
    private static void Cut(string path, long length)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, length);
    }

    private static void Flip(string path, int line)
    {
        var bytes = File.ReadAllBytes(path);
        var at = 0;
        for (var i = 0; i < line; i++)
        {
            at = Array.IndexOf(bytes, (byte)'\n', at) + 1;
        }

        bytes[at + 60] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static long[] Range(long from, long to) => [.. Enumerable.Range((int)from, (int)(to - from)).Select(n => (long)n)];

    private static long[] Sequences(JournalReader reader)
    {
        var sequences = new List<long>();
        while (reader.TryRead(out var line))
        {
            sequences.Add(line.Sequence);
        }

        return [.. sequences];
    }
}
