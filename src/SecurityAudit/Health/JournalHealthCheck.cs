using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecurityAudit.Enrichment;
using SecurityAudit.Journal;
using SecurityAudit.Opening;

namespace SecurityAudit.Health;

/// <summary>Says while the journal cannot be written, or is not there; degraded while it is short of something.</summary>
internal sealed class JournalHealthCheck(AuditJournal journal, Pseudonyms pseudonyms) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = journal.Health;
        var problem = string.Join(' ', new[] { health.Reason, pseudonyms.Problem }.Where(text => !string.IsNullOrEmpty(text)));
        return Task.FromResult(health.State switch
        {
            JournalHealthState.Failed => new HealthCheckResult(context.Registration.FailureStatus, $"{problem} {health.Dropped} events were dropped."),
            _ when problem.Length > 0 => HealthCheckResult.Degraded(problem),
            _ => HealthCheckResult.Healthy(),
        });
    }
}
