using System.Runtime.CompilerServices;

namespace SecurityAudit.Journal;

/// <summary>
/// Reads one log in order, each line at least once, while it is written: across rolls, recoveries and pruning. A line is given only when
/// its identity, sequence and hash are right; the verifier proves more than that. Not safe for several threads.
/// </summary>
/// <remarks>
/// What cannot be read at the end of the log may be a line in the making or a torn tail, so the reader waits before it. Where
/// the log demonstrably goes on behind it (a later segment, or <see cref="Limit"/>), the reader passes over it and counts
/// <see cref="Skipped"/>.
/// </remarks>
public sealed class JournalReader : IDisposable
{
    private readonly string _directory;
    private readonly LineIdentity _identity = new();
    private SegmentLines? _lines;
    private JournalBookmark? _last;
    private JournalLine _current;
    private long _expected;
    private bool _passesDamage;

    /// <summary>Reads a log directory from its oldest line, or on from behind the line of a bookmark.</summary>
    /// <remarks>
    /// If that line is no longer there (it was read, but a crash took it before it was durable), reading begins again with the segment in
    /// which its sequence number is now: a line may come twice, none is left out.
    /// </remarks>
    public JournalReader(string logDirectory, JournalBookmark? from = null)
    {
        ArgumentNullException.ThrowIfNull(logDirectory);
        _directory = logDirectory;
        _last = from;
    }

    /// <summary>
    /// Nothing at or beyond this sequence number is read. Set it to the writer's durable size to see only what no crash can take back.
    /// </summary>
    public long? Limit { get; set; }

    /// <summary>
    /// Completes when more than the given number of lines are durable and says how many are:
    /// <see cref="JournalWriter.WaitForDurableAsync"/>.
    /// When it is set, <see cref="ReadAsync"/> waits for it and moves <see cref="Limit"/> instead of polling.
    /// </summary>
    public Func<long, CancellationToken, ValueTask<long>>? Follow { get; init; }

    /// <summary>How often <see cref="ReadAsync"/> looks for more.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The clock of the polling.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How many lines were passed over because they were pruned, lost or damaged.</summary>
    public long Skipped { get; private set; }

    /// <summary>The line that was read last; null before the first.</summary>
    public JournalBookmark? Bookmark => _current.Utf8.IsEmpty ? _last : _current.Bookmark;

    /// <summary>The next line, or false at the end for now. The line's bytes are valid until the next call.</summary>
    /// <exception cref="IOException">The directory or a segment cannot be read; the next call tries again.</exception>
    public bool TryRead(out JournalLine line)
    {
        Remember();
        line = default;
        while (true)
        {
            if (_lines is null && !Locate())
            {
                return false;
            }

            if (_expected >= Limit)
            {
                return false;
            }

            var offset = _lines!.Offset;
            if (!_lines.TryNext(out var framed))
            {
                if (!MoveOn(isAtEnd: true))
                {
                    return false;
                }
            }
            else if (TryAccept(framed, offset, out var sequence))
            {
                if (sequence < _expected)
                {
                    continue; // read already, in the segment before or as a double
                }

                Skipped += sequence - _expected;
                _expected = sequence + 1;
                _passesDamage = false;
                line = _current;
                return true;
            }
            else if (!_passesDamage)
            {
                _lines.Seek(offset);
                if (!MoveOn(isAtEnd: false))
                {
                    return false;
                }
            }
        }
    }

    /// <summary>All lines, and those to come, until cancelled. A line's bytes are valid until the next is asked for.</summary>
    public async IAsyncEnumerable<JournalLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            while (TryRead(out var line))
            {
                yield return line;
            }

            if (Follow is not null)
            {
                Limit = await Follow(Math.Max(_expected, Limit ?? 0), cancellationToken);
            }
            else
            {
                await Task.Delay(PollInterval, TimeProvider, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Remember();
        _lines?.Dispose();
    }

    private bool TryAccept(Memory<byte> framed, long offset, out long sequence)
    {
        if (!_identity.IsOf(framed.Span, _passesDamage ? long.MaxValue : _expected, out sequence, out var payloadStart))
        {
            return false;
        }

        if (sequence >= _expected)
        {
            var line = framed[1..];
            _current = new JournalLine(line, _identity.Text, sequence, _lines!.Segment.Name, offset, ControlLine.IsOne(line.Span, payloadStart));
        }

        return true;
    }

    /// <summary>The end of what can be read here: is there a place to go on?</summary>
    private bool MoveOn(bool isAtEnd)
    {
        var segments = JournalDirectory.Segments(_directory);
        var here = _lines!.Segment;
        var next = segments.LastOrDefault(s => s.First <= _expected);
        if (next?.First > here.First)
        {
            return next.First == _expected ? Open(next, 0, _expected) : Locate();
        }

        if (_lines.IsGone() && segments.Any(s => s.First == here.First))
        {
            return Locate();
        }

        var later = segments.FirstOrDefault(s => s.First > _expected);
        if (later is not null && isAtEnd)
        {
            Skipped += later.First - _expected;
            return Open(later, 0, later.First);
        }

        _passesDamage = !isAtEnd && (later is not null || _expected < Limit);
        return _passesDamage;
    }

    /// <summary>Goes behind the line that was read last, or where that line would have to be.</summary>
    private bool Locate()
    {
        var segments = JournalDirectory.Segments(_directory);
        if (segments.Count == 0)
        {
            return false;
        }

        var holding = segments.LastOrDefault(s => s.First <= _last?.Sequence);
        if (holding is null)
        {
            Skipped += _last is null ? 0 : segments[0].First - (_last.Sequence + 1);
            return Open(segments[0], 0, segments[0].First);
        }

        if (!Open(holding, holding.Name == _last!.Segment ? _last.Offset : 0, _last.Sequence + 1))
        {
            return false;
        }

        if (!_lines!.TryPass(_last))
        {
            _lines.Seek(0);
            _expected = holding.First;
        }

        return true;
    }

    private bool Open(JournalSegment segment, long offset, long expected)
    {
        _lines?.Dispose();
        _lines = null;
        try
        {
            _lines = new SegmentLines(segment, offset);
        }
        catch (FileNotFoundException)
        {
            return false; // pruned since the directory was listed
        }

        _expected = expected;
        _passesDamage = false;
        return true;
    }

    /// <summary>Takes the place of the current line out of the buffer before the buffer moves on.</summary>
    private void Remember()
    {
        if (_current.Utf8.IsEmpty)
        {
            return;
        }

        _last = _current.Bookmark;
        _current = default;
    }
}
