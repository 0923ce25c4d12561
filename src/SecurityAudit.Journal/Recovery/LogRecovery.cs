using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>Brings a log that a process left, in whatever way, to the state in which a new segment can follow.</summary>
internal sealed class LogRecovery
{
    private readonly string _directory;
    private readonly IReadOnlyList<JournalSegment> _segments;
    private readonly SegmentBytes[] _scanned;

    private LogRecovery(string directory, IReadOnlyList<JournalSegment> segments, SegmentBytes[] scanned, LogEnd end)
    {
        _directory = directory;
        _segments = segments;
        _scanned = scanned;
        End = end;
    }

    /// <summary>What was found.</summary>
    public LogEnd End { get; }

    /// <summary>
    /// Reads the last segments, each once, from the last one on that has a header and holds a signature, and changes nothing. A segment
    /// that a crash ended before its first checkpoint does not say where proof ends; the one before it does.
    /// </summary>
    /// <param name="logDirectory">The log.</param>
    /// <param name="signers">Keys whose word counts, beside those that the headers name.</param>
    /// <param name="load">Reads a segment; null: from its file.</param>
    public static LogRecovery Inspect(string logDirectory, IReadOnlyList<VerifierKey> signers, Func<JournalSegment, SegmentBytes>? load = null)
    {
        var all = JournalDirectory.Segments(logDirectory);
        var found = new SignatureSearch(signers);
        var backwards = new List<SegmentBytes>();
        for (var start = all.Count - 1; start > 0; start--)
        {
            backwards.Add((load ?? Load)(all[start]));
            if (found.IsIn(backwards[^1]) && Scan(start) is { End: { Damage: not null } or { Proven: > 0 } } recovery)
            {
                return recovery;
            }
        }

        backwards.AddRange(all.Take(1).Select(load ?? Load));
        return Scan(0);

        LogRecovery Scan(int start)
        {
            SegmentBytes[] scanned = [.. Enumerable.Reverse(backwards)];
            return new LogRecovery(logDirectory, [.. all.Skip(start)], scanned, LogScan.Scan(scanned, signers));
        }
    }

    /// <summary>
    /// Moves what is torn to the quarantine and makes durable what stands: it may be in the memory of the system only. Returns how many
    /// bytes were torn. A crash in the midst of it is mended by doing it again.
    /// </summary>
    public long Mend()
    {
        var torn = 0L;
        for (var i = End.Segments; i < _segments.Count; i++)
        {
            torn += SetAside(_segments[i]);
        }

        if (End.Segments > 0)
        {
            torn += CutTail(_segments[End.Segments - 1], End.Kept, _scanned[End.Segments - 1].Length);
        }

        Disk.Sync(_directory);
        return torn;
    }

    private static SegmentBytes Load(JournalSegment segment)
    {
        using var file = Disk.Open(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var framed = new byte[1 + file.Length];
        file.ReadExactly(framed, 1, framed.Length - 1);
        return new SegmentBytes(segment.First, framed);
    }

    private long SetAside(JournalSegment segment)
    {
        var length = new FileInfo(segment.Path).Length;
        if (length == 0)
        {
            File.Delete(segment.Path);
        }
        else
        {
            File.Move(segment.Path, QuarantinePath(segment.Name), overwrite: true);
        }

        return length;
    }

    private long CutTail(JournalSegment segment, long kept, long length)
    {
        using var file = Disk.Open(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (length > kept)
        {
            var path = QuarantinePath(string.Create(CultureInfo.InvariantCulture, $"{segment.Name}.from-{kept}"));
            using var quarantine = Disk.Open(path, FileMode.Create, FileAccess.Write, FileShare.None);
            file.Position = kept;
            file.CopyTo(quarantine);
            Disk.Sync(quarantine);
            Disk.Sync(Path.GetDirectoryName(path)!);
        }

        file.SetLength(kept); // also gives back blocks that were reserved behind the end
        Disk.Sync(file);
        return length - kept;
    }

    /// <summary>A name that is free, or that an interrupted recovery of the same tail has left.</summary>
    private string QuarantinePath(string name)
    {
        var quarantine = Path.Combine(_directory, LogFiles.Quarantine);
        Disk.CreateDirectory(quarantine);
        Disk.Sync(_directory);
        return Path.Combine(quarantine, name);
    }
}
