using System.Reflection;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Hubs;

/// <summary>What is called in a hub, by whom.</summary>
/// <param name="Hub">The hub's type.</param>
/// <param name="Method">The name under which it is called, or that of the hub's own event.</param>
/// <param name="Caller">The connection.</param>
internal sealed record HubCall(Type Hub, string Method, HubCallerContext Caller)
{
    public static HubCall Of(HubInvocationContext invocation) => new(
        invocation.Hub.GetType(), invocation.HubMethod.GetCustomAttribute<HubMethodNameAttribute>()?.Name ?? invocation.HubMethodName, invocation.Context);

    /// <summary>The request that opened the connection: it has the address, whatever the transport.</summary>
    public HttpContext? Request => Caller.GetHttpContext();

    /// <summary>Blazor's own hub is none of the application's: what is called through it are circuits.</summary>
    public static bool IsOfApplication(Type? hub) => hub?.FullName?.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) == false;

    /// <summary>The exception says no more than that the client has gone away, or that the connection was cut.</summary>
    public bool IsEndedBy(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is ConnectionResetException or ConnectionAbortedException
                || (cause is OperationCanceledException && Caller.ConnectionAborted.IsCancellationRequested))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The event with who called what.</summary>
    public SecurityEvent Describe(SecurityEvent e) =>
        CalledFields.Of(e with { User = AuditUser.From(Caller.User) }, CalledFields.SignalR, Hub.Name, Method)
            .With(EventFields.ConnectionId, Caller.ConnectionId);
}
