using Microsoft.AspNetCore.SignalR;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Hubs;

/// <summary>The outermost filter of every hub: what a call of a hub was is decided here, when all other filters had their say.</summary>
internal sealed class AuditedHubFilter(CurrentRequest requests, HubCallEnd end, HookFailures failures) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var (called, call, request, audit) = Begin(invocationContext);
        using var current = request;
        if (called is null || call is null)
        {
            return await next(invocationContext);
        }

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
        var (called, call, request) = Begin(context, method);
        using var current = request;
        try
        {
            await next();
        }
        catch (Exception exception) when (called is not null && call is not null)
        {
            await end.Ended(called, call, audit: null, exception);
            throw;
        }

        if (called is not null && call is not null)
        {
            await end.Ended(called, call, audit: null, exception: null);
        }
    }

    /// <summary>
    /// What is called, where it is the application's, and what will be seen of it; nothing, where that could not be found out. Not asynchronous: the
    /// current call and its request are those of the method that asks.
    /// </summary>
    private (HubCall? Called, LiveCall? Call, CurrentRequest.Scope Request, HubAudit? Audit) Begin(HubInvocationContext invocation)
    {
        CurrentRequest.Scope request = default;
        try
        {
            var called = HubCall.Of(invocation);
            var call = LiveCall.Begin(called.Request);
            request = requests.EnterCall(called.Request);
            return HubCall.IsOfApplication(called.Hub) ? (called, call, request, HubAudit.Of(invocation, called.Request)) : (null, null, request, null);
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
            return (null, null, request, null);
        }
    }

    private (HubCall? Called, LiveCall? Call, CurrentRequest.Scope Request) Begin(HubLifetimeContext context, string method)
    {
        CurrentRequest.Scope request = default;
        try
        {
            var called = new HubCall(context.Hub.GetType(), method, context.Context);
            var call = LiveCall.Begin(called.Request);
            request = requests.EnterCall(called.Request);
            return HubCall.IsOfApplication(called.Hub) ? (called, call, request) : (null, null, request);
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
            return (null, null, request);
        }
    }
}
