using System.Globalization;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// Finds the end of a log from the bytes of its last segments: a pure function, so that millions of crashes can be tried on it. A line stands
/// when it is whole, of this log, in its place, and has its own hash. What is behind the last line that stands is a torn tail, unless a
/// signature says that it was durable once: that is damage.
/// </summary>
/// <remarks>
/// Behind the acknowledged lines a stale block can hold a line that this log wrote in an earlier life, with just the next number. It stands:
/// what it tells did happen, nobody was told otherwise, and nothing signed can contradict it, since only durable sizes are signed.
/// </remarks>
internal static class LogScan
{
    /// <param name="segments">The last segments in order; all of them from the last one with a header on.</param>
    /// <param name="signers">Keys whose word counts, beside those that the headers name.</param>
    public static LogEnd Scan(ReadOnlySpan<SegmentBytes> segments, IReadOnlyList<VerifierKey> signers)
    {
        if (segments.IsEmpty)
            return new LogEnd(Id: null, new MerkleTree(), Segments: 0, Kept: 0, Key: null, Damage: null);
        if (SegmentHead.Parse(segments[0].Framed.Span) is not { } head || head.First != segments[0].First)
            return WithoutHead(segments, signers);

        var walk = new Walk(head, signers);
        for (var i = 0; i < segments.Length; i++)
        {
            if (walk.Tree.Size < segments[i].First)
                return walk.End(i, Text($"segment {segments[i].First} follows, but the lines before it end at {walk.Tree.Size}"));
            var isLast = i == segments.Length - 1;
            walk.Segment(segments[i], isLast ? long.MaxValue : segments[i + 1].First);
            if (isLast && walk.Kept == 0)
                return DropLast(segments, signers, walk);
        }

        return walk.End(segments.Length, walk.Damage(segments[^1]));
    }

    /// <summary>Not one line of the last segment stands: the log ends in the one before, unless something durable was in the last.</summary>
    private static LogEnd DropLast(ReadOnlySpan<SegmentBytes> segments, IReadOnlyList<VerifierKey> signers, Walk walk)
    {
        var damage = walk.Damage(segments[^1]);
        var end = Scan(segments[..^1], signers);
        if (end.Tree.Size < segments[^1].First)
            damage ??= Text($"segment {segments[^1].First} was begun, but the lines before it end at {end.Tree.Size}");
        return end with { Damage = end.Damage ?? damage };
    }

    /// <summary>Without a header nothing can be continued; a log that did not get beyond its first write never held anything.</summary>
    private static LogEnd WithoutHead(ReadOnlySpan<SegmentBytes> segments, IReadOnlyList<VerifierKey> signers)
    {
        var nothing = new LogEnd(Id: null, new MerkleTree(), Segments: 0, Kept: 0, Key: null, Damage: null);
        if (segments.Length > 1 || segments[0].First > 0)
            return nothing with { Damage = Text($"segment {segments[0].First} has no readable journal.opened line") };
        var covered = SignedSize.In(segments[0].Framed.Span, id: null, signers);
        return covered == 0 ? nothing : nothing with { Damage = Text($"the first line is unreadable, but a signed checkpoint covers {covered} lines") };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The lines that stand, one after the other.</summary>
    private sealed class Walk(SegmentHead head, IReadOnlyList<VerifierKey> signers)
    {
        private readonly byte[] _id = Encoding.ASCII.GetBytes(head.Id);
        private readonly List<VerifierKey> _keys = [.. signers, head.Key];
        private readonly LeafList _leaves = new();
        private VerifierKey _key = head.Key;
        private Checkpoint? _lastCheckpoint;

        public MerkleTree Tree { get; } = head.Before.Clone();

        /// <summary>How many bytes of the segment walked last stand.</summary>
        public int Kept { get; private set; }

        public void Segment(SegmentBytes segment, long until)
        {
            Span<byte> leaf = stackalloc byte[MerkleHash.Length];
            var framed = segment.Framed.Span;
            Rewind(segment.First);
            Kept = 0;
            while (Tree.Size < until)
            {
                var rest = framed[(1 + Kept)..];
                var length = rest.IndexOf((byte)'\n');
                if (length < 0 || JournalLineFormat.Check(framed.Slice(Kept, 1 + length), _id, Tree.Size, leaf) != LineFault.None)
                    return;
                Note(rest[..length]);
                Tree.Append(leaf);
                _leaves.Add(leaf);
                Kept += length + 1;
            }
        }

        public LogEnd End(int segments, string? damage) => new(head.Id, Tree, segments, Kept, _key, damage);

        /// <summary>What a crash cannot explain: a signature over lines that do not stand, or over other lines than those that do.</summary>
        public string? Damage(SegmentBytes last)
        {
            var covered = Math.Max(SignedSize.In(last.Framed.Span[Kept..], head.Id, _keys), _lastCheckpoint?.Size ?? 0);
            if (covered > Tree.Size)
                return Text($"line {Tree.Size} is missing or altered, but a signed checkpoint covers {covered} lines");
            if (_lastCheckpoint is not { } checkpoint || checkpoint.Size < head.First)
                return null;
            var then = head.Before.Clone();
            for (var i = 0; then.Size < checkpoint.Size; i++)
                then.Append(_leaves[i]);
            return then.Root().AsSpan().SequenceEqual(checkpoint.Root.Span)
                ? null
                : Text($"the first {checkpoint.Size} lines are not those that the checkpoint after them was made of");
        }

        /// <summary>A segment that replaces a broken one begins before the end of what that one still holds, with the same lines.</summary>
        private void Rewind(long first)
        {
            if (Tree.Size <= first)
                return;
            Tree.CopyFrom(head.Before);
            _leaves.Count = (int)(first - head.First);
            for (var i = 0; i < _leaves.Count; i++)
                Tree.Append(_leaves[i]);
        }

        private void Note(ReadOnlySpan<byte> line)
        {
            if (!JournalLineFormat.TryParse(line, out _, out _, out var payloadStart)
                || !ControlLine.IsOne(line, payloadStart)
                || !ControlLine.TryParse(line, out var control))
                return;
            if (control!.Action == ControlAction.Checkpoint && Checkpoint.TryParse(control.Checkpoint, out var checkpoint))
                _lastCheckpoint = checkpoint;
            if (control.Action is ControlAction.Opened or ControlAction.KeyChanged && VerifierKey.TryParse(control.VerifierKey, out var key))
            {
                _key = key;
                if (!_keys.Contains(key))
                    _keys.Add(key);
            }
        }
    }
}
