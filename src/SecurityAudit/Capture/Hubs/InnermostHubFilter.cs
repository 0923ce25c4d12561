using Microsoft.AspNetCore.SignalR;
using SecurityAudit.Capture.Denials;

namespace SecurityAudit.Capture.Hubs;

/// <summary>The innermost filter of every hub: sees what the method is called with, and exceptions that other filters swallow.</summary>
internal sealed class InnermostHubFilter : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (LiveCall.Current is { } call)
        {
            call.Arguments = invocationContext.HubMethodArguments;
        }

        try
        {
            return await next(invocationContext);
        }
        catch (Exception exception) when (Note(exception))
        {
            throw;
        }
    }

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (Note(exception))
        {
            throw;
        }
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        try
        {
            await next(context, exception);
        }
        catch (Exception thrown) when (Note(thrown))
        {
            throw;
        }
    }

    private static bool Note(Exception exception)
    {
        if (LiveCall.Current is { } call)
        {
            // This filter stands among those of all hubs and among those of one: what the inner one saw is what was thrown.
            call.Thrown ??= exception;
        }

        return false;
    }
}
