namespace SecurityAudit.Journal;

/// <summary>
/// Where a log that was closed in order ends: behind <c>journal.closed</c> and the checkpoint that covers it come only further checkpoints,
/// each over all the lines before it, until the next process begins a segment. Whatever else stands there, the writer did not write.
/// </summary>
internal sealed class SignedEnd
{
    private long? _next;

    /// <summary>The line <c>journal.closed</c>; null: none since the segment of a process began.</summary>
    public long? Closed { get; private set; }

    /// <summary>A segment begins with <c>journal.opened</c>: the log goes on. Only in a segment's first line does that say so.</summary>
    public void Opened() => (Closed, _next) = (null, null);

    /// <summary>This line is <c>journal.closed</c>.</summary>
    public void ClosedIn(long sequence) => Closed ??= sequence;

    /// <summary>This line is a checkpoint over so many lines whose signature is trusted; true when the log ends behind it.</summary>
    public bool SignedIn(long sequence, long size)
    {
        var isEnd = _next is null ? size > Closed : _next == sequence && size == sequence;
        _next = isEnd ? sequence + 1 : _next;
        return isEnd;
    }

    /// <summary>The first line behind the end; null when none stands there.</summary>
    /// <param name="size">So many lines stand.</param>
    public long? FirstBehind(long size) => _next < size ? _next : null;
}
