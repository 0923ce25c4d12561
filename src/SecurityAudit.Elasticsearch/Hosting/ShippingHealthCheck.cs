using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Hosting;

/// <summary>
/// Failed, as the owner chose to call it, while shipping is paused or stands still; degraded while it waits for the engine. Nothing is lost
/// in any of them.
/// </summary>
internal sealed class ShippingHealthCheck(ElasticsearchShipping shipping, ShippingJournal journal) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (record, progress, problem) = shipping.Status;
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["stored"] = record?.Stored ?? 0,
            ["deadLetters"] = record?.DeadLetters ?? 0,
            ["doubtful"] = record?.Doubtful ?? 0,
            ["skipped"] = record?.Skipped ?? 0,
        };
        if (progress?.Oldest is { } oldest)
        {
            data["oldestWaiting"] = oldest;
        }

        if (journal.Alarms.IsStalled)
        {
            return Task.FromResult(new HealthCheckResult(
                context.Registration.FailureStatus, $"No event has reached the engine for too long: {problem ?? record?.LastAnswer}", data: data));
        }

        if (problem is not null)
        {
            return Task.FromResult(HealthCheckResult.Degraded(problem, data: data));
        }

        return Task.FromResult(record?.State switch
        {
            ShippingState.Paused => new HealthCheckResult(context.Registration.FailureStatus, $"The engine refuses: {record.LastAnswer}", data: data),
            ShippingState.Waiting => HealthCheckResult.Degraded($"Events wait: {record.LastAnswer}", data: data),
            _ => HealthCheckResult.Healthy(data: data),
        });
    }
}
