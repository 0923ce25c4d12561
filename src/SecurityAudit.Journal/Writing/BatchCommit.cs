namespace SecurityAudit.Journal;

/// <summary>
/// Makes one batch after another durable, each with one write and one fsync, and comes through failures: the same lines go to a new segment,
/// and when that fails, too, they are tried again later. Runs on the commit loop's thread.
/// </summary>
internal sealed class BatchCommit(CommitParts parts, TimeProvider time, AnnouncedPruning pruning)
{
    private readonly FailedBatch _failed = new(time);
    private readonly ClockWatch _clock = new(time, parts.Health);

    /// <summary>How long the batch that failed waits still; null: none has.</summary>
    public TimeSpan? UntilRetry => _failed.Lines is null ? null : _failed.UntilDue;

    /// <summary>
    /// The first batch of a writer, which throws where it cannot be written. A volume without room for a whole reservation still has room for
    /// lines: the second attempt reserves nothing.
    /// </summary>
    public void Begin(LineBuffer batch)
    {
        try
        {
            parts.Segments.Append(batch);
        }
        catch (IOException)
        {
            parts.Segments.GiveUp();
            BeginAgain(batch);
        }

        Committed(batch);
    }

    /// <summary>False when it has to be tried again.</summary>
    public bool Write(LineBuffer batch)
    {
        try
        {
            parts.Segments.Append(batch);
        }
        catch (Exception e)
        {
            parts.Health.Say(
                e is SegmentAlteredException ? JournalNoticeKind.Damaged : JournalNoticeKind.SegmentReplaced,
                $"A segment was given up: {e.Message} Its unacknowledged lines go to a new one.",
                e);
            return Replace(batch, e);
        }

        Committed(batch);
        return true;
    }

    /// <summary>Tries what failed again when it is time; false while there is something that failed.</summary>
    public bool Retry(bool atOnce) =>
        _failed.Lines is not { } batch || ((atOnce || _failed.UntilDue <= TimeSpan.Zero) && Replace(batch, _failed.Cause!));

    private void BeginAgain(LineBuffer batch)
    {
        try
        {
            parts.Space.Release();
            parts.Segments.Replace(batch);
        }
        catch
        {
            parts.Segments.GiveUp();
            throw;
        }
    }

    /// <summary>
    /// The same lines again in a new segment. Never the same file: after a failed fsync the kernel may call lost pages clean.
    /// </summary>
    private bool Replace(LineBuffer batch, Exception cause)
    {
        try
        {
            if (Disk.IsFull(cause))
            {
                parts.Space.Release();
            }

            parts.Segments.Replace(batch);
        }
        catch (Exception e)
        {
            Fail(batch, e);
            return false;
        }

        Committed(batch);
        return true;
    }

    private void Committed(LineBuffer batch)
    {
        _failed.Written();
        parts.Checkpoints.Observe(batch);
        parts.Intake.Committed(batch);
        if (parts.Health.Clear(JournalNoticeKind.Failed))
        {
            parts.Health.Say(JournalNoticeKind.Restored, $"The journal in '{parts.Directory}' can be written again.");
        }

        pruning.ExecuteIfSigned(batch.Next);
        parts.Space.Look();
        _clock.Look();
    }

    private void Fail(LineBuffer batch, Exception error)
    {
        _failed.Failed(batch, error);
        var reason = $"The journal in '{parts.Directory}' cannot be written: {error.Message} Expected a writable directory with free space; it is tried again every few seconds.";
        parts.Health.Raise(JournalNoticeKind.Failed, reason, error);
        parts.Intake.Durability.Fail(reason);
    }
}
