namespace SecurityAudit.Journal;

/// <summary>
/// Leads the log of this process through some work as far as it is durable, and the logs that earlier processes left behind in the same
/// journal.
/// </summary>
internal sealed class JournalFollower(JournalWriter writer, IJournalWork work, TimeProvider time)
{
    /// <summary>How often to look for logs that a process left behind.</summary>
    public static readonly TimeSpan LookForLeftLogsEvery = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AfterAnError = TimeSpan.FromSeconds(5);

    /// <summary>Until cancelled; nothing else ends it.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        RepeatAsync(FollowOwnAsync, AfterAnError, time, work.Failed, cancellationToken),
        RepeatAsync(FinishLeftBehindAsync, LookForLeftLogsEvery, time, work.Failed, cancellationToken));

    /// <summary>Again and again, whatever fails, until cancelled.</summary>
    public static async Task RepeatAsync(
        Func<CancellationToken, Task> part, TimeSpan pause, TimeProvider time, Action<Exception> failed, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await part(cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                failed(error);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task FollowOwnAsync(CancellationToken cancellationToken)
    {
        if (!work.TryLock(writer.Id, out var held))
        {
            throw new IOException(work.InUse(writer.Id));
        }

        using (held)
        {
            var own = work.Begin(writer.Id, writer.DurableSize);
            using var reader = own.Open(writer.LogDirectory);
            try
            {
                while (true)
                {
                    var durable = writer.DurableSize;
                    reader.Limit = durable;
                    await own.FillAsync(reader, cancellationToken);
                    if (own.Patience is var patience && patience == TimeSpan.Zero)
                    {
                        await own.SettleAsync(cancellationToken);
                    }
                    else
                    {
                        await WaitAsync(durable, patience, cancellationToken);
                    }
                }
            }
            finally
            {
                own.Suspend();
            }
        }
    }

    /// <summary>Until there is more, or what was taken up has waited long enough.</summary>
    private async Task WaitAsync(long durable, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (patience == Timeout.InfiniteTimeSpan)
        {
            await writer.WaitForDurableAsync(durable, cancellationToken);
            return;
        }

        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await writer.WaitForDurableAsync(durable, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return; // it is settled as it is
        }
    }

    private async Task FinishLeftBehindAsync(CancellationToken cancellationToken)
    {
        foreach (var log in JournalDirectory.LeftBehind(JournalDirectory.Holding(writer.LogDirectory), writer.Id))
        {
            if (work.TryLock(log.Id, out var held))
            {
                using (held)
                {
                    await FinishAsync(log, cancellationToken);
                }
            }
        }
    }

    /// <summary>To its end, or until somebody writes it again and deals with it himself.</summary>
    private async Task FinishAsync(JournalLog log, CancellationToken cancellationToken)
    {
        if (LogInUse.IsWritten(log.Directory))
        {
            return;
        }

        var left = work.Begin(log.Id, long.MaxValue);
        using var reader = left.Open(log.Directory);
        try
        {
            await left.FillAsync(reader, cancellationToken);
            while (left.Patience is var patience && patience != Timeout.InfiniteTimeSpan && !LogInUse.IsWritten(log.Directory))
            {
                if (patience > TimeSpan.Zero)
                {
                    await Task.Delay(patience, time, cancellationToken);
                }
                else
                {
                    await left.SettleAsync(cancellationToken);
                    await left.FillAsync(reader, cancellationToken);
                }
            }
        }
        finally
        {
            left.Suspend();
        }
    }
}
