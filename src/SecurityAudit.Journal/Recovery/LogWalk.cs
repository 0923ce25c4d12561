using System.Globalization;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>Goes along the lines that stand, one after the other, and notes what they say of the log.</summary>
internal sealed class LogWalk
{
    private readonly SegmentHead _head;
    private readonly byte[] _id;
    private readonly List<VerifierKey> _keys;
    private readonly LeafList _leaves = new();
    private readonly StandingCheckpoints _checkpoints;
    private VerifierKey _key;
    private LogAddress? _address;
    private readonly SignedEnd _end = new();
    private (long Line, long Closed)? _behindEnd;

    public LogWalk(SegmentHead head, IReadOnlyList<VerifierKey> signers)
    {
        _head = head;
        _id = Encoding.ASCII.GetBytes(head.Id);
        _keys = [.. signers, head.Key];
        _checkpoints = new StandingCheckpoints(head.Id, _keys);
        _key = head.Key;
        _address = head.Address;
        Tree = head.Before.Clone();
    }

    public MerkleTree Tree { get; }

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
            {
                return;
            }

            Note(rest[..length], segment.First);
            Tree.Append(leaf);
            _leaves.Add(leaf);
            Kept += length + 1;
        }
    }

    public LogEnd End(int segments, string? damage) => new(_head.Id, Tree, segments, Kept, _key, damage)
    {
        Proven = Math.Min(_checkpoints.ProvenSize(), Tree.Size),
        Address = _address,
    };

    /// <summary>
    /// What a crash cannot explain: a signature over lines that do not stand, or over other lines than those that do; lines behind the
    /// signed end.
    /// </summary>
    public string? Damage(SegmentBytes last)
    {
        var newest = _checkpoints.Newest();
        var covered = Math.Max(SignedSize.In(last.Framed.Span[Kept..], _head.Id, _keys), newest?.Size ?? 0);
        if (covered > Tree.Size)
        {
            return Text($"line {Tree.Size} is missing or altered, but a signed checkpoint covers {covered} lines");
        }

        if ((_behindEnd ?? BehindEnd()) is { } behind)
        {
            return Text($"line {behind.Line} stands behind the end of the log, which was closed in order with line {behind.Closed} and signed: somebody else wrote it");
        }

        if (newest is null || newest.Size < _head.First)
        {
            return null;
        }

        var then = _head.Before.Clone();
        for (var i = 0; then.Size < newest.Size; i++)
        {
            then.Append(_leaves[i]);
        }

        return then.Root().AsSpan().SequenceEqual(newest.Root.Span)
            ? null
            : Text($"the first {newest.Size} lines are not those that the checkpoint after them was made of");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A segment that replaces a broken one begins before the end of what that one still holds, with the same lines.</summary>
    private void Rewind(long first)
    {
        if (Tree.Size <= first)
        {
            return;
        }

        Tree.CopyFrom(_head.Before);
        _leaves.Count = (int)(first - _head.First);
        for (var i = 0; i < _leaves.Count; i++)
        {
            Tree.Append(_leaves[i]);
        }

        _checkpoints.Forget(first);
        if (_end.Closed >= first)
        {
            _end.Opened();
        }
    }

    private void Note(ReadOnlySpan<byte> line, long segmentStart)
    {
        var control = JournalLineFormat.TryParse(line, out _, out _, out var payloadStart)
            && ControlLine.IsOne(line, payloadStart)
            && ControlLine.TryParse(line, out var read)
            ? read
            : null;
        if (control?.Action == ControlAction.Opened && Tree.Size == segmentStart)
        {
            Reopen(control.Address);
        }

        switch (control)
        {
            case { Action: ControlAction.Closed }:
                _end.ClosedIn(Tree.Size);
                break;
            case { Action: ControlAction.Checkpoint, Checkpoint: { } note }:
                _checkpoints.Add(Tree.Size, note);
                if (_end.Closed is not null && _checkpoints.Trusted(note) is { } trusted)
                {
                    _end.SignedIn(Tree.Size, trusted.Size);
                }

                break;
            case { Action: ControlAction.Opened or ControlAction.KeyChanged } when VerifierKey.TryParse(control.VerifierKey, out var key):
                _key = key;
                if (!_keys.Contains(key))
                {
                    _keys.Add(key);
                }

                break;
        }
    }

    /// <summary>The next process began a segment. What it began behind lines that nobody could have written stays wrong.</summary>
    private void Reopen(LogAddress? address)
    {
        _behindEnd ??= BehindEnd();
        _end.Opened();
        _address = address;
    }

    private (long Line, long Closed)? BehindEnd() => _end.FirstBehind(Tree.Size) is { } line ? (line, _end.Closed!.Value) : null;
}
