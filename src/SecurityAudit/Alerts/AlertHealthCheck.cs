using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SecurityAudit.Alerts;

/// <summary>Failed, as the owner chose to call it, while a channel does not deliver. Nothing is lost: the journal has the alerts.</summary>
internal sealed class AlertHealthCheck(AlertChannels channels) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var all = channels.Status.ToList();
        var data = all.ToDictionary(
            channel => channel.Name, channel => (object)$"delivered {channel.Status.Delivered}, given up {channel.Status.GivenUp}", StringComparer.Ordinal);
        var failing = all.Where(channel => channel.Status.FailingSince is not null)
            .Select(channel => $"The alert channel {channel.Name} has not delivered since {channel.Status.FailingSince:u}: {channel.Status.Problem}").ToList();
        return Task.FromResult(failing.Count == 0
            ? HealthCheckResult.Healthy(data: data)
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join(' ', failing), data: data));
    }
}
