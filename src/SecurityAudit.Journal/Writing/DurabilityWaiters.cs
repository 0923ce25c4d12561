namespace SecurityAudit.Journal;

/// <summary>
/// Who waits for the disk: for the lines that are under way to it, for those that are being collected, for any growth. Used under the
/// intake's lock; what is handed out to be completed is completed outside of it.
/// </summary>
internal sealed class DurabilityWaiters
{
    private TaskCompletionSource? _taken;
    private TaskCompletionSource? _filling;
    private TaskCompletionSource? _growth;

    public bool AreThere => _taken is not null || _filling is not null;

    public bool AreFilling => _filling is not null;

    /// <summary>The task of all who wait for the same lines.</summary>
    /// <param name="isTaken">Are the lines under way already?</param>
    /// <param name="isNew">Is this the first who waits for them?</param>
    public Task Join(bool isTaken, out bool isNew)
    {
        ref var waiters = ref isTaken ? ref _taken : ref _filling;
        isNew = waiters is null;
        waiters ??= Source();
        return waiters.Task;
    }

    public Task JoinGrowth() => (_growth ??= Source()).Task;

    /// <summary>The collected lines are under way now.</summary>
    public void Take() => (_taken, _filling) = (_filling, null);

    /// <summary>The lines that were under way are durable: whom to tell.</summary>
    public (TaskCompletionSource? Waiters, TaskCompletionSource? Growth) Durable()
    {
        var told = (_taken, _growth);
        (_taken, _growth) = (null, null);
        return told;
    }

    /// <summary>No line will be durable soon: whom to tell.</summary>
    public (TaskCompletionSource? Taken, TaskCompletionSource? Filling) Failed()
    {
        var told = (_taken, _filling);
        (_taken, _filling) = (null, null);
        return told;
    }

    /// <summary>There will be no growth any more: whom to tell.</summary>
    public TaskCompletionSource? Ended()
    {
        var told = _growth;
        _growth = null;
        return told;
    }

    private static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
