using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// Verifies one log, line after line. Damage is located, then verification goes on behind it, so that one altered line does not put the blame
/// on others.
/// </summary>
internal sealed class LogVerification
{
    private readonly JournalLog _log;
    private readonly VerifyOptions _options;
    private readonly bool _isAlone;
    private readonly byte[] _id;
    private readonly BlockPipeline _pipeline;
    private readonly Findings _findings;
    private readonly KeyTrust _trust;
    private readonly LogTree _tree;
    private readonly Queue<Checkpoint> _anchors;

    private JournalSegment _segment;
    private long _expected;

    // Whether a finding stands already for whatever roots and sequence numbers do not fit from here on.
    private bool _isRootExplained;
    private bool _isJumpExplained;
    private bool _isSignatureExplained;

    private long _verified;
    private long _anchored;
    private Checkpoint? _last;
    private long _prunedTo;
    private long _dropped;
    private long _unfinished;

    /// <param name="log">The log, or one segment of it.</param>
    /// <param name="isAlone">Are there other segments that are not looked at?</param>
    /// <param name="options">What to verify against.</param>
    public LogVerification(JournalLog log, bool isAlone, VerifyOptions options)
    {
        _log = log;
        _isAlone = isAlone;
        _options = options;
        _id = Encoding.ASCII.GetBytes(log.Id);
        _pipeline = new BlockPipeline(options.Threads, log.Segments.Max(segment => new FileInfo(segment.Path).Length));
        _findings = new Findings(options.MaxFindings);
        _trust = new KeyTrust(options.Keys);
        _tree = new LogTree(log.Segments);
        _segment = log.Segments[0];
        _expected = _segment.First;
        _anchors = new(options.AtLeastAsNewAs.Where(a => a.JournalId == log.Id && a.Size >= _expected).OrderBy(a => a.Size));
    }

    /// <summary>The whole log; <paramref name="progress"/> gets the bytes of each piece.</summary>
    public (LogReport Report, IReadOnlyList<VerificationFinding> Findings) Run(Action<long> progress, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _log.Segments.Count; i++)
        {
            _segment = _log.Segments[i];
            Open(isFirst: i == 0);
            var next = i + 1 < _log.Segments.Count ? _log.Segments[i + 1] : null;
            Read(next, progress, cancellationToken);
        }

        Conclude();
        return (Report(), _findings.Listed);
    }

    private void Open(bool isFirst)
    {
        var opening = SegmentOpening.Read(_segment);
        if (opening?.Control is { } control)
        {
            if (control.Format != JournalLineFormat.Version)
                Bad(FindingKind.UnreadableControlLine, 0, $"the segment declares format {control.Format}; this verifier knows format {JournalLineFormat.Version}");
            if (VerifierKey.TryParse(control.VerifierKey, out var key))
                _trust.Declare(key);
            if (opening.Frontier is null)
                Bad(FindingKind.WrongFrontier, 0, "the frontier in journal.opened contradicts itself: its size, root and hashes do not belong together");
        }

        if (opening?.Frontier is { } declared)
        {
            var isSame = isFirst ? _expected > 0 || declared.Size == 0 : _tree.IsKnown && declared.Root().AsSpan().SequenceEqual(_tree.Root());
            if (!isSame && !_isRootExplained)
                Bad(FindingKind.WrongFrontier, 0, Math.Max(_verified, _log.Segments[0].First),
                    $"the segment's frontier is not that of the lines before it: one of the lines {_verified} to {_expected - 1} was altered and hashed anew, or the frontier was");
            _tree.Adopt(declared);
            _isRootExplained = false;
        }
        else if (isFirst)
        {
            if (_expected > 0)
                _tree.Lose();
            if (opening is { Control: null })
                Bad(FindingKind.WrongFrontier, 0, "the segment does not begin with journal.opened, so it cannot be verified without the segment before it");
        }

        _isJumpExplained = false;
        _findings.EndRun();
    }

    private void Read(JournalSegment? next, Action<long> progress, CancellationToken cancellationToken)
    {
        var end = next?.First ?? long.MaxValue;
        var position = 0L;
        foreach (var block in _pipeline.Blocks(_segment, _id, cancellationToken))
        {
            if (block.IsSound && block.First == _expected && _tree.IsKnown && block.First + block.Count <= end)
            {
                Take(block);
                position = block.Offset + block.Length;
            }
            else
            {
                position = TakeLineByLine(block, end);
            }

            progress(block.Length);
            CompareAnchors();
            if (position < block.Offset + block.Length)
                break;
        }

        if (next is null)
            TakeTail(_pipeline.Tail.Span, position);
        else
            Leave(next, position);
    }

    /// <summary>The usual case: all lines of the block are good and are the next ones.</summary>
    private void Take(LineBlock block)
    {
        _tree.Begin(block);
        var done = 0;
        foreach (var (index, start, length) in block.Controls)
        {
            _tree.Append(block, done, index);
            done = index;
            Control(block.Framed.Span.Slice(1 + start, length), block.First + index, block.Offset + start);
        }

        _tree.Append(block, done, block.Count);
        _expected += block.Count;
        _isJumpExplained = false;
        _findings.EndRun();
    }

    /// <summary>Something in the block needs a closer look. Returns the offset up to which the segment's own lines go.</summary>
    private long TakeLineByLine(LineBlock block, long end)
    {
        var framed = block.Framed;
        for (var start = 0; start < block.Length;)
        {
            if (_expected >= end)
                return block.Offset + start;
            var rest = framed.Span[(1 + start)..];
            var newline = rest.IndexOf((byte)'\n');
            var length = newline < 0 ? rest.Length : newline;
            TakeLine(framed.Span.Slice(start, 1 + length), block.Offset + start, end);
            start += newline < 0 ? length : length + 1;
        }

        return block.Offset + block.Length;
    }

    private void TakeLine(Span<byte> framed, long offset, long end)
    {
        var line = framed[1..];
        if (line.Length > JournalLineFormat.MaxLineLength || !JournalLineFormat.TryParse(line, out var id, out var sequence, out var payloadStart))
        {
            BadLine(FindingKind.NotALine, offset, $"no line of a journal: expected line {_expected}");
            _isJumpExplained = true;
            return;
        }

        if (!id.SequenceEqual(_id))
        {
            BadLine(FindingKind.OtherJournal, offset, $"a line of journal {Encoding.ASCII.GetString(id)}: expected line {_expected} of journal {_log.Id}");
            _isJumpExplained = true;
            return;
        }

        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        if (!JournalLineFormat.HashEntry(framed, leaf))
        {
            TakeAltered(framed, offset, sequence, leaf);
            return;
        }

        if (sequence < _expected || sequence >= end)
        {
            BadLine(FindingKind.OutOfOrder, offset, $"line {sequence} stands here: expected line {_expected}");
            return;
        }

        if (sequence > _expected)
            Jump(sequence, offset);
        if (ControlLine.IsOne(line, payloadStart))
            Control(line, sequence, offset);
        _tree.Append(leaf);
        _expected++;
        _isJumpExplained = false;
        _findings.EndRun();
    }

    /// <summary>Content and hash do not fit. In its place, the hash is the better guess: if a checkpoint confirms it, this line alone is bad.</summary>
    private void TakeAltered(ReadOnlySpan<byte> framed, long offset, long sequence, Span<byte> leaf)
    {
        Bad(FindingKind.WrongHash, offset,
            $"line {_expected} was altered: its hash is {System.Buffers.Text.Base64Url.EncodeToString(leaf)}, but it says {Encoding.ASCII.GetString(JournalLineFormat.StoredHash(framed))}");
        _isRootExplained = true;
        if (sequence != _expected)
        {
            _isJumpExplained = true;
            return;
        }

        JournalLineFormat.TryReadHash(framed, leaf);
        _tree.Append(leaf);
        _expected++;
        _isJumpExplained = false;
    }

    private void Jump(long sequence, long offset)
    {
        if (!_isJumpExplained)
            Bad(FindingKind.MissingLines, offset, $"lines {_expected} to {sequence - 1} are missing before this place");
        _tree.Lose();
        _isRootExplained = true;
        _expected = sequence;
    }

    private void Control(ReadOnlySpan<byte> line, long sequence, long offset)
    {
        if (!ControlLine.TryParse(line, out var control))
        {
            Bad(FindingKind.UnreadableControlLine, offset, sequence, $"line {sequence} is one of the journal's own, but its fields cannot be read");
            return;
        }

        _dropped += control.Action == ControlAction.Gap ? control.Dropped ?? 0 : 0;
        _prunedTo = control.Action == ControlAction.Pruned ? Math.Max(_prunedTo, control.To ?? 0) : _prunedTo;
        if (control.Checkpoint is not null)
            CheckpointAt(control.Checkpoint, sequence, offset);
        if (control.Action == ControlAction.KeyChanged)
            KeyChangedAt(control, sequence, offset);
    }

    private void CheckpointAt(string note, long sequence, long offset)
    {
        if (!Checkpoint.TryParse(note, out var checkpoint) || checkpoint.JournalId != _log.Id)
        {
            Bad(FindingKind.UnreadableControlLine, offset, sequence, $"the checkpoint in line {sequence} is not one of journal {_log.Id}");
            return;
        }

        if (checkpoint.Size > sequence)
        {
            Bad(FindingKind.RolledBack, offset, sequence, $"the checkpoint in line {sequence} covers {checkpoint.Size} lines, but only {sequence} stand before it");
            return;
        }

        if (!_trust.Signed(checkpoint))
        {
            if (!_isSignatureExplained && _trust.Current is { } key)
                Bad(FindingKind.UntrustedSignature, offset, Math.Max(_verified, _log.Segments[0].First),
                    $"the checkpoint in line {sequence} is not signed by the key {key.Name}+{key.Id}");
            _isSignatureExplained = true;
            return;
        }

        _isSignatureExplained = false;

        if (_tree.RootAt(checkpoint.Size) is not { } root)
            return;
        if (root.AsSpan().SequenceEqual(checkpoint.Root.Span))
        {
            _verified = Math.Max(_verified, checkpoint.Size);
            _last = checkpoint;
        }
        else if (!_isRootExplained)
        {
            WrongRoot(checkpoint, offset, _verified, $"the checkpoint in line {sequence}");
        }
    }

    private void WrongRoot(Checkpoint checkpoint, long offset, long good, string what)
    {
        var first = Math.Max(good, _log.Segments[0].First);
        Bad(FindingKind.WrongRoot, offset, first,
            $"{what} has another root over {checkpoint.Size} lines: one of the lines {first} to {checkpoint.Size - 1} was altered and hashed anew");
        _isRootExplained = true;
    }

    private void KeyChangedAt(ControlLine control, long sequence, long offset)
    {
        if (!VerifierKey.TryParse(control.VerifierKey, out var next))
            Bad(FindingKind.UnreadableControlLine, offset, sequence, $"the key in line {sequence} cannot be read");
        else if (_trust.Change(next, control.Endorsement, _log.Id))
            _isSignatureExplained = false;
        else
        {
            Bad(FindingKind.UntrustedKeyChange, offset, sequence,
                $"line {sequence} changes to the key {next.Name}+{next.Id} without the word of the key before; if the change was yours, give both keys to verify with");
            _isSignatureExplained = true;
        }
    }

    private void CompareAnchors()
    {
        while (_anchors.TryPeek(out var anchor) && anchor.Size <= _expected)
        {
            _anchors.Dequeue();
            if (_tree.RootAt(anchor.Size) is not { } root)
                continue;
            if (root.AsSpan().SequenceEqual(anchor.Root.Span))
                _anchored = anchor.Size;
            else if (!_isRootExplained)
                WrongRoot(anchor, 0, _anchored, "the checkpoint that was kept elsewhere");
        }
    }

    /// <summary>The end of a segment that another follows.</summary>
    private void Leave(JournalSegment next, long position)
    {
        if (_expected < next.First)
        {
            if (!_isJumpExplained)
                Bad(FindingKind.MissingLines, position, $"lines {_expected} to {next.First - 1} are missing at the end of this segment");
            _tree.Lose();
            _isRootExplained = true;
            _expected = next.First;
        }
        else if (SegmentOpening.Read(next) is not { Control: null })
        {
            if (position < new FileInfo(_segment.Path).Length)
                Bad(FindingKind.OutOfOrder, position, $"something follows line {_expected - 1}, the last before the next segment");
        }
        else if (SegmentOverlap.FirstDifference(_segment, position, next) is { } difference)
        {
            Bad(FindingKind.OverlapDiffers, difference.Offset, difference.Sequence, $"line {difference.Sequence} is another one in the next segment, which repeats it");
        }
    }

    /// <summary>What follows the last newline of the log: a line being written, or torn, is no part of it.</summary>
    private void TakeTail(ReadOnlySpan<byte> tail, long offset)
    {
        if (tail.IsEmpty)
            return;
        if (JournalLineFormat.CanBecome(tail, _id, _expected))
            _unfinished = tail.Length;
        else
            BadLine(FindingKind.NotALine, offset, $"the log ends in {tail.Length} bytes that are not the beginning of line {_expected}");
    }

    private void Conclude()
    {
        var first = _log.Segments[0].First;
        if (!_isAlone && first > _prunedTo)
            Bad(_log.Segments[0].Path, FindingKind.MissingLines, 0, _prunedTo, $"lines {_prunedTo} to {first - 1} are missing, and no journal.pruned line says that they were removed on purpose");
        foreach (var anchor in _isAlone ? [] : _anchors)
            Bad(FindingKind.RolledBack, 0, _expected, $"a checkpoint that was kept elsewhere covers {anchor.Size} lines; there are {_expected}: the log was cut or rolled back");
        if (_trust.IsPinned && _last is null && _findings.Count == 0)
            Bad(FindingKind.NothingSigned, 0, first, "no checkpoint is signed by a key given to verify with: nothing is proven");
        var marker = Path.Combine(_log.Directory, "damaged");
        if (!_isAlone && File.Exists(marker))
            Bad(marker, FindingKind.MarkedDamaged, 0, _expected, $"the writer found this log damaged and went on in another: {File.ReadAllText(marker).Trim()}");
    }

    private LogReport Report() => new()
    {
        Id = _log.Id,
        Directory = _log.Directory,
        Segments = _log.Segments,
        First = _log.Segments[0].First,
        Size = _expected,
        Root = _tree.IsKnown ? _tree.Root() : default(ReadOnlyMemory<byte>),
        LastCheckpoint = _last,
        ProvenSize = Math.Min(_verified, _findings.FirstBad),
        Key = _trust.Current,
        IsKeyPinned = _trust.IsPinned,
        Dropped = _dropped,
        UnfinishedBytes = _unfinished,
        IsSound = _findings.Count == 0,
    };

    private void BadLine(FindingKind kind, long offset, string message) =>
        _findings.AddToRun(kind, _segment.Path, offset, _expected, $"{_segment.Path} at byte {offset}: {message}.");

    private void Bad(FindingKind kind, long offset, string message) => Bad(kind, offset, _expected, message);

    private void Bad(FindingKind kind, long offset, long sequence, string message) =>
        Bad(_segment.Path, kind, offset, sequence, $"{_segment.Path} at byte {offset}: {message}.");

    private void Bad(string path, FindingKind kind, long offset, long sequence, string message)
    {
        _findings.Add(kind, path, offset, sequence, message);
        _findings.EndRun();
    }
}
