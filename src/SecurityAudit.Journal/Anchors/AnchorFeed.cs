namespace SecurityAudit.Journal;

/// <summary>
/// Brings the newest checkpoint to one anchor, in the background: a slow anchor gets fewer, never old ones, and holds up nobody.
/// </summary>
internal sealed class AnchorFeed(ICheckpointAnchor anchor, HealthBoard health, TimeSpan timeout, Checkpoint? latest)
{
    private readonly Lock _lock = new();
    private Checkpoint? _next;
    private Checkpoint? _published = latest;
    private Task _feeding = Task.CompletedTask;
    private bool _isFeeding;

    /// <summary>What the anchor is known to have.</summary>
    public Checkpoint? Published => Volatile.Read(ref _published);

    public void Offer(Checkpoint checkpoint)
    {
        lock (_lock)
        {
            _next = checkpoint;
            if (_isFeeding)
            {
                return;
            }

            _isFeeding = true;
            _feeding = Task.Run(FeedAsync);
        }
    }

    /// <summary>Waits until the last offer was tried.</summary>
    public void Finish()
    {
        Task feeding;
        lock (_lock)
        {
            feeding = _feeding;
        }

        feeding.Wait(timeout);
    }

    private async Task FeedAsync()
    {
        while (true)
        {
            Checkpoint checkpoint;
            lock (_lock)
            {
                if (_next is null)
                {
                    _isFeeding = false;
                    return;
                }

                (checkpoint, _next) = (_next, null);
            }

            try
            {
                using var patience = new CancellationTokenSource(timeout);
                await anchor.PublishAsync(checkpoint, patience.Token).AsTask().WaitAsync(timeout);
                Volatile.Write(ref _published, checkpoint);
                health.Clear(JournalNoticeKind.AnchorFailed);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                health.Raise(
                    JournalNoticeKind.AnchorFailed,
                    $"The {anchor.Name} did not take a checkpoint: {e.Message} A rollback of the journal to a state after its last checkpoint would go "
                    + "unnoticed; see that it can be reached.",
                    e);
            }
        }
    }
}
