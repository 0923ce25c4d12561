namespace SecurityAudit.Responses;

/// <summary>
/// Calls into the application for at most half a minute each. One that does not come back is left to itself, and no other of its name is begun
/// before it does: nothing piles up. For one caller at a time.
/// </summary>
internal sealed class BoundedCalls(TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Task> _left = new(StringComparer.Ordinal);

    /// <summary>Calls, and waits.</summary>
    /// <exception cref="OperationCanceledException">The application stops.</exception>
    public async Task<CallEnd> RunAsync(string name, Func<CancellationToken, Task> call, CancellationToken stoppingToken)
    {
        if (_left.TryGetValue(name, out var left))
        {
            if (!left.IsCompleted)
            {
                return new CallEnd(null, "the call before has not come back", IsLeft: false);
            }

            _left.Remove(name);
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stoppingToken);
        var cancellationToken = either.Token;

        // On a thread of its own: it may block before it gives back its task.
        var running = Task.Run(() => call(cancellationToken), CancellationToken.None);
        var ended = running.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await running.WaitAsync(cancellationToken);
            return CallEnd.Well;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            _left[name] = ended;
            return new CallEnd(null, $"it did not end within {Patience.TotalSeconds:0} seconds", IsLeft: true);
        }
        catch (Exception failure)
        {
            return new CallEnd(failure, $"{failure.GetType().FullName} was thrown", IsLeft: false);
        }
    }
}
