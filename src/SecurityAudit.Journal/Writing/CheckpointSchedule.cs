namespace SecurityAudit.Journal;

/// <summary>
/// Decides when a checkpoint is signed, and signs it. Knows only durable lines, so that no crash can take away what it has signed.
/// </summary>
internal sealed class CheckpointSchedule(string origin, IJournalSigner signer, JournalOptions options, HealthBoard health)
{
    /// <summary>So many durable lines do not wait for the interval: what a crash leaves unsigned stays small under any load.</summary>
    private const int MaxUnsignedLines = 4096;

    private readonly MerkleTree _durable = new();
    private long _triedSize;
    private long _lastTried = options.TimeProvider.GetTimestamp();
    private bool _hasNews;
    private bool _isUrgent;

    /// <summary>How long until the next one.</summary>
    public TimeSpan UntilDue => (_hasNews ? options.CheckpointInterval : options.HeartbeatInterval) - SinceLast;

    private TimeSpan SinceLast => options.TimeProvider.GetElapsedTime(_lastTried);

    /// <summary>These lines are durable now.</summary>
    public void Observe(LineBuffer batch)
    {
        _durable.CopyFrom(batch.After);
        _hasNews |= batch.HasNews;
        _isUrgent |= batch.IsCritical || batch.BeginsSegment || _durable.Size - _triedSize >= MaxUnsignedLines;
    }

    /// <summary>The next checkpoint does not wait for its time.</summary>
    public void Hasten() => _isUrgent = true;

    /// <summary>
    /// Signs if it is time; null when it is not, or when the signer failed: then the next time of the interval tries again.
    /// </summary>
    public Checkpoint? SignIfDue()
    {
        if (!_isUrgent && UntilDue > TimeSpan.Zero)
        {
            return null;
        }

        _lastTried = options.TimeProvider.GetTimestamp();
        _isUrgent = false;
        _triedSize = _durable.Size;
        try
        {
            var checkpoint = Checkpoint.Sign(origin, _durable.Size, _durable.Root(), signer);
            _hasNews = false;
            health.Clear(JournalNoticeKind.SignerFailed);
            return checkpoint;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _hasNews = true;
            health.Raise(
                JournalNoticeKind.SignerFailed,
                $"The signer could not sign a checkpoint of '{origin}': {e.Message} Lines are recorded, but nothing proves them until it signs again; "
                + "look after the key or the key service.",
                e);
            return null;
        }
    }
}
