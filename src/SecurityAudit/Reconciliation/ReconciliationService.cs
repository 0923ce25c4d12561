using Microsoft.Extensions.Hosting;
using SecurityAudit.Capture;
using SecurityAudit.Recording;

namespace SecurityAudit.Reconciliation;

/// <summary>
/// Each minute and at the stop, says what the framework counted and the journal does not have. Where both agree it says nothing.
/// </summary>
internal sealed class ReconciliationService(RequestTallies tallies, SecurityRecorder recorder, TimeProvider time, HookFailures failures)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private ITimer? _timer;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => Reconcile(isLast: false), state: null, Interval, Interval);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The server has stopped, and with it the last request.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Dispose();
        Reconcile(isLast: true);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _timer = null;
    }

    // Called by a timer: what is thrown there ends the process.
    private void Reconcile(bool isLast)
    {
        try
        {
            TellDifferences(isLast);
        }
        catch (Exception failure)
        {
            failures.Failed(this, failure);
        }
    }

    private void TellDifferences(bool isLast)
    {
        if (tallies.Settle(isLast) is { Count: > 0 } differences)
        {
            recorder.TryRecord(SecurityEvents.AuditReconciliation(
                [.. differences.Select(difference => difference.ToString())], differences.Sum(difference => difference.Counted - difference.Recorded)));
        }
    }
}
