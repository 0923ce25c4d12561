using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// Verifies one log, line after line. Damage is located, then verification goes on behind it, so that one altered line does not put the
/// blame on others.
/// </summary>
internal sealed class LogVerification
{
    private readonly JournalLog _log;
    private readonly bool _isAlone;
    private readonly VerifyOptions _options;
    private readonly byte[] _id;
    private readonly BlockPipeline _pipeline;
    private readonly Findings _findings;
    private readonly LogTree _tree;
    private readonly VerificationPlace _place;
    private readonly SignedHistory _history;
    private readonly LineVerification _lines;
    private readonly SegmentBoundary _boundary;
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
        _tree = new LogTree(log.Segments);
        _place = new VerificationPlace(log.Segments[0].First, _findings) { Segment = log.Segments[0] };
        _history = new SignedHistory(log.Id, _tree, _place, options);
        _lines = new LineVerification(log.Id, _tree, _place, _history);
        _boundary = new SegmentBoundary(_tree, _place, _history, _lines);
    }

    /// <summary>The whole log; <paramref name="progress"/> gets the bytes of each piece.</summary>
    public (LogReport Report, IReadOnlyList<VerificationFinding> Findings) Run(Action<long> progress, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _log.Segments.Count; i++)
        {
            _place.Segment = _log.Segments[i];
            _boundary.Enter(isFirst: i == 0);
            var next = i + 1 < _log.Segments.Count ? _log.Segments[i + 1] : null;
            Read(next, progress, cancellationToken);
        }

        Conclude();
        return (Report(new Judgement(_log.Segments, _place, _history, _options)), _findings.Listed);
    }

    private void Read(JournalSegment? next, Action<long> progress, CancellationToken cancellationToken)
    {
        var end = next?.First ?? long.MaxValue;
        var position = 0L;
        foreach (var block in _pipeline.Blocks(_place.Segment, _id, cancellationToken))
        {
            if (block.IsSound && block.First == _place.Expected && _tree.IsKnown && block.First + block.Count <= end)
            {
                Take(block);
                position = block.Offset + block.Length;
            }
            else
            {
                position = _lines.Take(block, end);
            }

            progress(block.Length);
            _history.CompareAnchors();
            if (position < block.Offset + block.Length)
            {
                break;
            }
        }

        if (next is null)
        {
            TakeTail(_pipeline.Tail.Span, position);
        }
        else
        {
            _boundary.Leave(next, position);
        }
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
            _history.Take(block.Framed.Span.Slice(1 + start, length), block.First + index, block.Offset + start);
        }

        _tree.Append(block, done, block.Count);
        _place.Expected += block.Count;
        _place.Good();
    }

    /// <summary>What follows the last newline of the log: a line being written, or torn, is no part of it.</summary>
    private void TakeTail(ReadOnlySpan<byte> tail, long offset)
    {
        if (tail.IsEmpty)
        {
            return;
        }

        if (JournalLineFormat.CanBecome(tail, _id, _place.Expected))
        {
            _unfinished = tail.Length;
        }
        else
        {
            _place.BadLine(FindingKind.NotALine, offset, $"the log ends in {tail.Length} bytes that are not the beginning of line {_place.Expected}");
        }
    }

    private void Conclude()
    {
        var first = _place.First;
        var prunedTo = _history.Statements.PrunedTo;
        _history.EndAt(_place.Expected);
        if (!_isAlone && first > prunedTo)
        {
            _place.Bad(
                _log.Segments[0].Path, FindingKind.MissingLines, 0, prunedTo,
                $"lines {prunedTo} to {first - 1} are missing, and no journal.pruned line that a signature covers, with a signed checkpoint over them, "
                + "says that they were removed on purpose");
        }

        foreach (var anchor in _isAlone ? [] : _history.Unmet)
        {
            _place.Bad(
                FindingKind.RolledBack, 0, _place.Expected,
                $"a checkpoint that was kept elsewhere covers {anchor.Size} lines; there are {_place.Expected}: the log was cut or rolled back");
        }

        if (_history.Trust.IsPinned && _history.Last is null && _findings.Count == 0)
        {
            _place.Bad(FindingKind.NothingSigned, 0, first, "no checkpoint is signed by a key given to verify with: nothing is proven");
        }

        var marker = Path.Combine(_log.Directory, LogFiles.Damaged);
        if (!_isAlone && File.Exists(marker))
        {
            _place.Bad(marker, FindingKind.MarkedDamaged, 0, _place.Expected, $"the writer found this log damaged and went on in another: {File.ReadAllText(marker).Trim()}");
        }
    }

    private LogReport Report(Judgement judgement) => new()
    {
        Id = _log.Id,
        Directory = _log.Directory,
        Segments = _log.Segments,
        First = _place.First,
        Size = _place.Expected,
        Root = _tree.IsKnown ? _tree.Root() : default(ReadOnlyMemory<byte>),
        LastCheckpoint = _history.Last,
        ProvenSize = Math.Min(_history.Verified, _findings.FirstBad),
        Key = _history.Trust.Current,
        IsKeyPinned = _history.Trust.IsPinned,
        Dropped = _history.Statements.Dropped,
        UnfinishedBytes = _unfinished,
        Unproven = judgement.Unproven,
        Verdict = judgement.Verdict(_findings.Count),
    };
}
