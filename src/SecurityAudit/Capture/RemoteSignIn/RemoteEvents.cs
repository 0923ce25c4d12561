using Microsoft.AspNetCore.Authentication;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.RemoteSignIn;

/// <summary>Stands before the application's own handlers of the events that every remote scheme has.</summary>
internal sealed class RemoteEvents(SecurityRecorder recorder, HookFailures failures)
{
    /// <summary>The same object, watched. Once is enough: several schemes may share one.</summary>
    public RemoteAuthenticationEvents Watch(RemoteAuthenticationEvents events)
    {
        if (!IsWatched(events))
        {
            var before = new Watcher(recorder, failures, events.OnRemoteFailure, events.OnAccessDenied, events.OnTicketReceived);
            events.OnRemoteFailure = before.RemoteFailureAsync;
            events.OnAccessDenied = before.AccessDeniedAsync;
            events.OnTicketReceived = before.TicketReceivedAsync;
        }

        return events;
    }

    /// <summary>Whether a failure of that scheme is seen: it has events, they are watched, and its class does not go past them.</summary>
    public static bool Sees(RemoteAuthenticationOptions options, IServiceProvider scope)
    {
        var events = options.EventsType is { } type ? scope.GetService(type) as RemoteAuthenticationEvents : options.Events;
        return events is not null && IsWatched(events) && !IsOverridden(events);
    }

    private static bool IsWatched(RemoteAuthenticationEvents events) => events.OnRemoteFailure.Target is Watcher;

    // The framework's own classes derive from the base and override none of the three.
    private static bool IsOverridden(RemoteAuthenticationEvents events) =>
        IsOverridden(new Func<RemoteFailureContext, Task>(events.RemoteFailure))
        || IsOverridden(new Func<AccessDeniedContext, Task>(events.AccessDenied))
        || IsOverridden(new Func<TicketReceivedContext, Task>(events.TicketReceived));

    private static bool IsOverridden(Delegate method) => method.Method.DeclaringType != typeof(RemoteAuthenticationEvents);

    private sealed class Watcher(
        SecurityRecorder recorder,
        HookFailures failures,
        Func<RemoteFailureContext, Task> failed,
        Func<AccessDeniedContext, Task> denied,
        Func<TicketReceivedContext, Task> received)
    {
        public Task RemoteFailureAsync(RemoteFailureContext context)
        {
            try
            {
                RemoteSignInEvidence.Failed(
                    context.HttpContext, recorder, context.Scheme.Name, context.Options, context.Failure, context.Properties is not null);
            }
            catch (Exception own) when (HookFailures.Catches(own))
            {
                failures.Failed(this, own);
            }

            return failed(context);
        }

        public Task AccessDeniedAsync(AccessDeniedContext context)
        {
            try
            {
                RemoteSignInEvidence.Failed(context.HttpContext, recorder, context.Scheme.Name, context.Options, failure: null, hasProperties: true);
            }
            catch (Exception own) when (HookFailures.Catches(own))
            {
                failures.Failed(this, own);
            }

            return denied(context);
        }

        public Task TicketReceivedAsync(TicketReceivedContext context)
        {
            try
            {
                RequestEvidence.Of<RemoteSignInEvidence>(context.HttpContext).Accepted = context.Scheme.Name;
            }
            catch (Exception own) when (HookFailures.Catches(own))
            {
                failures.Failed(this, own);
            }

            return received(context);
        }
    }
}
