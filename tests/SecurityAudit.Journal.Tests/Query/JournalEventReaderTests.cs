using System.Globalization;

namespace SecurityAudit.Journal.Tests.Query;

public sealed class JournalEventReaderTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheLogsComeAsOneStreamInTheOrderOfTimeAndGoOnWhereTheyEnded()
    {
        using var first = new JournalOnDisk("aaaaaaaa", _folder.Path);
        using var second = new JournalOnDisk("bbbbbbbb", JournalDirectory.LogDirectory(_folder.Path, 1));
        Append(first, 1, 4, 5);
        Append(second, 2, 3, 6);
        using var reader = new JournalEventReader(_folder.Path);

        Assert.Equal([1, 2, 3, 4, 5, 6], Minutes(reader.Read()));
        Assert.Empty(reader.Read());

        Append(second, 8);
        Append(first, 7, 9);
        using var third = new JournalOnDisk("cccccccc", JournalDirectory.LogDirectory(_folder.Path, 2));
        Append(third, 0);
        Assert.Equal([0, 7, 8, 9], Minutes(reader.Read()));
        Assert.Equal((0L, true), (reader.Skipped, reader.HasLogs));
    }

    [Fact]
    public void WhoeverStopsInBetweenMissesNothing()
    {
        using var first = new JournalOnDisk("aaaaaaaa", _folder.Path);
        using var second = new JournalOnDisk("bbbbbbbb", JournalDirectory.LogDirectory(_folder.Path, 1));
        Append(first, 1, 3);
        Append(second, 2, 4);
        using var reader = new JournalEventReader(_folder.Path);

        Assert.Equal([1, 2], Minutes(reader.Read().Take(2)));
        Assert.Equal([3, 4], Minutes(reader.Read()));
    }

    [Fact]
    public void AClockThatWasSetBackOrALineWithoutATimeNeverChangesTheOrderWithinALog()
    {
        using var first = new JournalOnDisk("aaaaaaaa", _folder.Path);
        using var second = new JournalOnDisk("bbbbbbbb", JournalDirectory.LogDirectory(_folder.Path, 1));
        Append(first, 5, 1);
        first.Append("""{"event.action":"test","@timestamp":"nonsense"}""");
        Append(first, 6);
        Append(second, 2, 7);
        using var reader = new JournalEventReader(_folder.Path);

        var read = reader.Read().ToList();

        Assert.Equal([1, 2, 3, 4], read.Where(e => e.LogId == "aaaaaaaa").Select(e => e.Sequence));
        Assert.Equal(["2", "5", "1", "", "6", "7"], read.Select(e => e.Timestamp is { } at ? at.Minute.ToString(CultureInfo.InvariantCulture) : ""));
    }

    [Fact]
    public void TheJournalsOwnLinesComeOnRequestAndWhatTheySayOfUnprovenLinesIsKept()
    {
        using var log = new JournalOnDisk("aaaaaaaa", _folder.Path);
        Append(log, 1);
        for (var i = 0; i < 130; i++)
        {
            log.Append(ControlPayload.Recovered(Some.Moment, 0, i, i + 2, "A crash."));
        }

        log.Append(ControlPayload.Recovered(Some.Moment, 17, 0, 0, "A torn end."));
        using var reader = new JournalEventReader(_folder.Path);

        Assert.Single(reader.Read());
        Assert.Equal((100, 130L), (reader.Adopted.Count, reader.AdoptedCount)); // bounded, however many somebody writes
        Assert.Equal(new AdoptedLines("aaaaaaaa", 0, 2), reader.Adopted[0]);
        using var again = new JournalEventReader(_folder.Path);
        Assert.Equal(133, again.Read(new EventFilter { IncludeControl = true }).Count());
    }

    [Fact]
    public void ALogIsNeverHeldWhole()
    {
        using var log = new JournalOnDisk("aaaaaaaa", _folder.Path);
        log.AppendMany(300);
        using var reader = new JournalEventReader(_folder.Path);
        var given = new List<WeakReference>();
        using var events = reader.Read().GetEnumerator();
        for (var i = 0; i < 200; i++)
        {
            Take(events, given);
        }

        GC.Collect();

        Assert.InRange(given.Count(e => e.IsAlive), 0, 2); // the enumerator's present one, and the head

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Take(IEnumerator<JournalEvent> events, List<WeakReference> given)
        {
            Assert.True(events.MoveNext());
            given.Add(new WeakReference(events.Current));
        }
    }

    [Fact]
    public void MoreLogsThanAWriterMakesAreLeftOutAndCounted()
    {
        using (var log = new JournalOnDisk("aaaaaaaa", _folder.Path))
        {
            Append(log, 1);
        }

        for (var slot = 1; slot <= 1002; slot++)
        {
            var directory = Directory.CreateDirectory(JournalDirectory.LogDirectory(_folder.Path, slot)).FullName;
            File.WriteAllText(Path.Combine(directory, JournalSegment.NameOf(0)), "");
        }

        using var reader = new JournalEventReader(_folder.Path);

        Assert.Single(reader.Read());
        Assert.Equal(3, reader.LogsLeftOut);
    }

    private static void Append(JournalOnDisk log, params int[] minutes)
    {
        foreach (var minute in minutes)
        {
            log.Append($$"""{"event.action":"test","@timestamp":"2026-11-24T04:{{minute:00}}:00Z"}""");
        }
    }

    private static IEnumerable<int> Minutes(IEnumerable<JournalEvent> events) => events.Select(e => e.Timestamp!.Value.Minute);
}
