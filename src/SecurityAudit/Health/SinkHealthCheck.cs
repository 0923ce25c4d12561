using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecurityAudit.Recording;

namespace SecurityAudit.Health;

/// <summary>Degraded, never more, while sinks beside the journal fail or drop: they are best effort.</summary>
internal sealed class SinkHealthCheck(AuditLogger logger) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = string.Join(' ', logger.Problems);
        return Task.FromResult(problems.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(problems));
    }
}
