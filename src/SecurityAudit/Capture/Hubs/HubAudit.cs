using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using SecurityAudit.Capture.Activities;

namespace SecurityAudit.Capture.Hubs;

/// <summary>What is recorded of each call of a hub's method that is audited.</summary>
/// <param name="Audit">The attribute of the method, of its hub, or what <c>WithAudit</c> says of the hub's endpoint.</param>
/// <param name="Method">The method.</param>
internal sealed record HubAudit(AuditAttribute Audit, MethodInfo Method)
{
    public static HubAudit? Of(HubInvocationContext invocation, HttpContext? request) =>
        (invocation.HubMethod.GetCustomAttribute<AuditAttribute>()
            ?? invocation.Hub.GetType().GetCustomAttribute<AuditAttribute>()
            ?? request?.GetEndpoint()?.Metadata.GetMetadata<AuditAttribute>()) is { } audit
            ? new HubAudit(audit, invocation.HubMethod)
            : null;

    /// <summary>The call as an event, with those of its arguments that are to be recorded.</summary>
    public SecurityEvent Event(EventOutcome outcome, IReadOnlyList<object?> arguments)
    {
        var activity = SecurityEvents.Activity(Audit.Action, outcome);
        var parameters = Method.GetParameters();
        for (var index = 0; index < parameters.Length && index < arguments.Count; index++)
        {
            if (parameters[index].Name is { } name && Audit.Arguments.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                activity = activity.WithAttribute(name, AuditArguments.TextOf(arguments[index]));
            }
        }

        return activity;
    }
}
