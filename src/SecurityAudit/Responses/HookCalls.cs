using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture;
using SecurityAudit.Recording;

namespace SecurityAudit.Responses;

/// <summary>Calls the application's own responses, each in a scope of its own, and says how each ended.</summary>
internal sealed class HookCalls(IOptions<SecurityAuditOptions> options, IServiceScopeFactory scopes, SecurityRecorder recorder, HookFailures failures)
{
    private readonly bool _isDryRun = options.Value.Response.DryRun;

    /// <exception cref="OperationCanceledException">The application stops.</exception>
    public async Task RespondAsync(AlertNotification alert, BoundedCalls calls, CancellationToken stoppingToken)
    {
        if (_isDryRun)
        {
            recorder.TryRecord(SecurityEvents.ResponseDryRun(alert, ResponseKind.Hook));
            return;
        }

        try
        {
            var scope = scopes.CreateAsyncScope();
            var isLeft = false;
            try
            {
                foreach (var (place, response) in scope.ServiceProvider.GetServices<IAlertResponse>().Index())
                {
                    isLeft |= await CallAsync(alert, response, $"{place}:{response.GetType().FullName}", calls, stoppingToken);
                }
            }
            finally
            {
                if (!isLeft)
                {
                    await scope.DisposeAsync(); // what was left to itself keeps what it works with
                }
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            failures.Failed("response", failure, "the making of the application's own response");
            recorder.TryRecord(SecurityEvents.ResponseFailed(alert, ResponseKind.Hook, $"{failure.GetType().FullName} was thrown when it was made, or cleared away"));
        }
    }

    /// <summary>True when the call is left to itself.</summary>
    private async Task<bool> CallAsync(AlertNotification alert, IAlertResponse response, string name, BoundedCalls calls, CancellationToken stoppingToken)
    {
        var hook = response.GetType().FullName ?? response.GetType().Name;
        var end = await calls.RunAsync(name, cancellationToken => response.RespondAsync(alert, cancellationToken), stoppingToken);
        if (end.Failure is { } failure)
        {
            failures.Failed("response", failure, "the application's own response");
        }

        recorder.TryRecord(end.Reason is not { } reason
            ? SecurityEvents.ResponseHookCompleted(alert, hook)
            : SecurityEvents.ResponseFailed(alert, ResponseKind.Hook, reason, hook));
        return end.IsLeft;
    }
}
