using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.Identity;

/// <summary>Finds the evidence of the current request, which is made when the first hook fires and decided when the response is complete.</summary>
internal sealed class IdentityRequests(CurrentRequest requests, SignInWitness signIns, IdentityRecorder recorder)
{
    /// <summary>The evidence of the request in which this code runs, or null outside of requests.</summary>
    public IdentityEvidence? Current => Of(Context);

    /// <summary>The evidence of the current request if a hook has fired in it before.</summary>
    public IdentityEvidence? Existing => Context?.Features.Get<IdentityEvidence>();

    /// <summary>The current request unless it became a WebSocket, whose "end of the request" may be hours away.</summary>
    public HttpContext? Context => requests.Context is { Response.StatusCode: not StatusCodes.Status101SwitchingProtocols } context ? context : null;

    public IdentityEvidence? Of(HttpContext? context)
    {
        if (context is null)
        {
            return null;
        }

        if (context.Features.Get<IdentityEvidence>() is not { } evidence)
        {
            evidence = new IdentityEvidence(AuditUser.From(context.User), open => Complete(context, open));
            context.Features.Set(evidence);
            context.Response.OnCompleted(static state =>
            {
                ((IdentityEvidence)state).Decide();
                return Task.CompletedTask;
            }, evidence);
        }

        return evidence;
    }

    private void Complete(HttpContext context, IdentityEvidence evidence)
    {
        using var current = requests.Enter(context);
        try
        {
            signIns.Complete(context, evidence);
        }
        catch (Exception exception)
        {
            recorder.Failed("end of the request", exception);
        }
    }
}
