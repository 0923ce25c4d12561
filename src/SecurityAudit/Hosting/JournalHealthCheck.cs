using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecurityAudit.Journal;

namespace SecurityAudit.Hosting;

/// <summary>Unhealthy while the journal cannot be written, degraded while it is short of something.</summary>
internal sealed class JournalHealthCheck(JournalWriter journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = journal.Health;
        return Task.FromResult(health.State switch
        {
            JournalHealthState.Healthy => HealthCheckResult.Healthy(),
            JournalHealthState.Degraded => HealthCheckResult.Degraded(health.Reason),
            _ => HealthCheckResult.Unhealthy($"{health.Reason} {health.Dropped} events were dropped."),
        });
    }
}
