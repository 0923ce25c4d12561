using System.Text;

namespace SecurityAudit.Journal.Tests.Fuzzing;

/// <summary>A signed log that stands on disk and in memory: what the fuzzed ones are changed from and compared with.</summary>
internal sealed class SoundLog : IDisposable
{
    private readonly JournalOnDisk _journal = new();

    public SoundLog()
    {
        for (var i = 0; i < 3; i++)
        {
            _journal.AppendMany(3);
            _journal.AppendCheckpoint();
        }

        _journal.Append(ControlPayload.Gap(Some.Moment, 3, Some.Moment, Some.Moment, "the disk was full"));
        _journal.Roll();
        _journal.AppendMany(2);
        Checkpoint = _journal.AppendCheckpoint();
        _journal.AppendMany(2);
        Segments = [.. Directory.GetFiles(_journal.Directory, "*.jsonl").Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))];
        Lines = [.. Segments.SelectMany(s => Encoding.UTF8.GetString(s.Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        var tree = new MerkleTree();
        var leaf = new byte[MerkleHash.Length];
        Roots.Add(tree.Root());
        foreach (var line in Lines)
        {
            Assert.True(JournalLineFormat.TryReadHash(Some.Utf8(line), leaf));
            tree.Append(leaf);
            Roots.Add(tree.Root());
        }
    }

    public JournalLog Log => JournalDirectory.Log(_journal.Directory);

    public IReadOnlyList<(string Name, byte[] Bytes)> Segments { get; }

    public IReadOnlyList<string> Lines { get; }

    public List<byte[]> Roots { get; } = [];

    /// <summary>The newest, which two lines follow.</summary>
    public Checkpoint Checkpoint { get; }

    public VerifierKey Key => _journal.Signer.Key;

    public SegmentBytes[] InMemory() => [.. Segments.Select(s => new SegmentBytes(JournalSegment.At(s.Name)!.First, (byte[])[0, .. s.Bytes]))];

    public void Dispose() => _journal.Dispose();
}
