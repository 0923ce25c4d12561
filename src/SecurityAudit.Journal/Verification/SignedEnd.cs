namespace SecurityAudit.Journal;

/// <summary>
/// Watches the end of a log that was closed in order: behind <c>journal.closed</c> and the checkpoint that covers it come only further checkpoints
/// until the next process opens a segment. Whatever else stands there, the writer did not write.
/// </summary>
internal sealed class SignedEnd(VerificationPlace place)
{
    private long? _closed;
    private (long Next, string Path, long Offset)? _end;

    public void Closed(long sequence) => _closed = sequence;

    /// <summary>A checkpoint verified that stands in this line, whose end is at the offset.</summary>
    public void Signed(Checkpoint checkpoint, long sequence, long endOffset)
    {
        if (_end is null ? checkpoint.Size > _closed : _end.Value.Next == sequence && checkpoint.Size == sequence)
        {
            _end = (sequence + 1, place.Segment.Path, endOffset);
        }
    }

    /// <summary>A segment is opened with this line, or the log ends before it.</summary>
    public void Left(long sequence)
    {
        if (_end is { } end && end.Next < sequence)
        {
            place.Bad(end.Path, FindingKind.BehindSignedEnd, end.Offset, end.Next,
                $"{end.Path} at byte {end.Offset}: lines {end.Next} to {sequence - 1} stand behind the end of the log, which was closed in order with line {_closed} and signed: somebody else wrote them.");
        }

        (_closed, _end) = (null, null);
    }
}
