using System.Text;

namespace SecurityAudit.Journal.Tests;

/// <summary>Somebody who may write the files of a log and knows the format, but not the key.</summary>
internal static class Forger
{
    /// <summary>Appends well-formed, hashed lines behind the last line of a log.</summary>
    public static void Append(string logDirectory, params IEnumerable<byte[]> payloads)
    {
        var segment = JournalDirectory.Segments(logDirectory)[^1];
        var last = File.ReadLines(segment.Path).Last();
        Assert.True(JournalLineFormat.TryParse(Some.Utf8(last), out var id, out var sequence, out _));
        using var file = new FileStream(segment.Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        foreach (var payload in payloads)
        {
            var framed = new byte[JournalLineFormat.MaxSealedLength(payload.Length)];
            var length = JournalLineFormat.Seal(framed, id, ++sequence, payload, new byte[MerkleHash.Length]);
            file.Write(framed.AsSpan(1, length));
        }
    }

    /// <summary>The tree of all lines of a log.</summary>
    public static MerkleTree Tree(string logDirectory)
    {
        var tree = new MerkleTree();
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        using var reader = new JournalReader(logDirectory);
        while (reader.TryRead(out var line))
        {
            Assert.True(JournalLineFormat.TryReadHash(line.Utf8.Span, leaf));
            tree.Append(leaf);
        }

        return tree;
    }

    /// <summary>Begins a segment behind the last line of a log.</summary>
    public static void Begin(string logDirectory, byte[] payload)
    {
        Append(logDirectory, payload);
        var segment = JournalDirectory.Segments(logDirectory)[^1];
        var lines = File.ReadAllLines(segment.Path);
        Assert.True(JournalLineFormat.TryParse(Some.Utf8(lines[^1]), out _, out var sequence, out _));
        File.WriteAllLines(Path.Combine(logDirectory, JournalSegment.NameOf(sequence)), lines[^1..]);
        File.WriteAllLines(segment.Path, lines[..^1]);
    }

    /// <summary>Removes all segments but the last and appends a line of the journal's own that says it was on purpose.</summary>
    public static void PruneAllButTheLast(string logDirectory, Checkpoint? replayed)
    {
        var segments = JournalDirectory.Segments(logDirectory);
        foreach (var segment in segments.SkipLast(1))
        {
            File.Delete(segment.Path);
        }

        Append(logDirectory, ControlPayload.Pruned(Some.Moment, 0, segments[^1].First, replayed));
    }

    /// <summary>An event that gives somebody a role, stamped at a time.</summary>
    public static byte[] RoleGiven(DateTimeOffset at) =>
        Encoding.UTF8.GetBytes($$"""{"@timestamp":"{{at.UtcDateTime:O}}","event.action":"authz_change","user.target.name":"eve"}""");
}
