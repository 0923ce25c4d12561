using Microsoft.AspNetCore.SignalR;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Hubs;

/// <summary>The outermost filter of every hub: what a call of a hub was is decided here, when all other filters had their say.</summary>
internal sealed class AuditedHubFilter(CurrentRequest requests, HubCallEnd end) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var called = HubCall.Of(invocationContext);
        var call = LiveCall.Begin(called.Request);
        using var request = requests.EnterCall(called.Request);
        if (!HubCall.IsOfApplication(called.Hub))
        {
            return await next(invocationContext);
        }

        var audit = HubAudit.Of(invocationContext, called.Request);
        end.Demand(audit);
        object? result;
        try
        {
            result = await next(invocationContext);
        }
        catch (Exception exception)
        {
            await end.Ended(called, call, audit, exception);
            throw;
        }

        await end.Ended(called, call, audit, exception: null);
        return result;
    }

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next) =>
        await Of(context, nameof(Hub.OnConnectedAsync), () => next(context));

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next) =>
        await Of(context, nameof(Hub.OnDisconnectedAsync), () => next(context, exception));

    private async Task Of(HubLifetimeContext context, string method, Func<Task> next)
    {
        var called = new HubCall(context.Hub.GetType(), method, context.Context);
        var call = LiveCall.Begin(called.Request);
        using var request = requests.EnterCall(called.Request);
        try
        {
            await next();
        }
        catch (Exception exception) when (HubCall.IsOfApplication(called.Hub))
        {
            await end.Ended(called, call, audit: null, exception);
            throw;
        }

        if (HubCall.IsOfApplication(called.Hub))
        {
            await end.Ended(called, call, audit: null, exception: null);
        }
    }
}
