using SecurityAudit.Journal;

namespace Quickstart.Tour;

/// <summary>Reads what this run's journal records, as soon as it is on disk, and knows what has not come.</summary>
internal sealed class JournalFollower(JournalWriter journal, Action<JournalEvent> show)
{
    private readonly Lock _lock = new();
    private readonly List<string> _awaited = [];
    private TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _size;

    /// <summary>Reads until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Each start of a writer begins a segment: what stands before the newest one is of earlier runs.
        var first = JournalDirectory.Segments(journal.LogDirectory)[^1].First;
        using var reader = new JournalReader(journal.LogDirectory) { Follow = journal.WaitForDurableAsync, Limit = journal.DurableSize };
        try
        {
            await foreach (var line in reader.ReadAsync(cancellationToken))
            {
                Take(line, isOfThisRun: line.Sequence >= first);
            }
        }
        catch (OperationCanceledException)
        {
            // The visit is over.
        }
    }

    /// <summary>From now on these actions are awaited.</summary>
    public void Await(IEnumerable<string> actions)
    {
        lock (_lock)
        {
            _awaited.AddRange(actions);
        }
    }

    /// <summary>
    /// Waits until all awaited actions are recorded and everything recorded is shown; returns the actions that did not come in time.
    /// </summary>
    public async Task<IReadOnlyList<string>> SettleAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await ReadUntilAsync(() => _awaited.Count == 0, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // Said by what is returned.
        }

        await journal.FlushAsync(CancellationToken.None);
        var size = journal.DurableSize;
        await ReadUntilAsync(() => _size >= size, CancellationToken.None);
        lock (_lock)
        {
            string[] missing = [.. _awaited];
            _awaited.Clear();
            return missing;
        }
    }

    private async Task ReadUntilAsync(Func<bool> isReached, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                if (isReached())
                {
                    return;
                }

                more = _read.Task;
            }

            await more.WaitAsync(cancellationToken);
        }
    }

    private void Take(JournalLine line, bool isOfThisRun)
    {
        var recorded = line.IsControl || !isOfThisRun ? null : JournalEvent.Of(line);
        if (recorded is not null)
        {
            show(recorded);
        }

        TaskCompletionSource read;
        lock (_lock)
        {
            if (recorded is not null)
            {
                _awaited.Remove(recorded.Action);
            }

            _size = line.Sequence + 1;
            (read, _read) = (_read, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        read.SetResult();
    }
}
