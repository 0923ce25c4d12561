using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Capture.SignIns;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Identity.Observation;

/// <summary>
/// Takes what the hooks see to the trail of the current request, which is begun when the first hook fires and decided when the response is
/// complete, and records what the trail makes of it.
/// </summary>
internal sealed class IdentityRequests(CurrentRequest requests, IdentityRecorder recorder)
{
    private readonly OutsideRequests _outside = new();

    /// <summary>The trail of the current request if a hook has fired in it before.</summary>
    public IdentityTrail? Existing => Context?.Features.Get<IdentityTrail>();

    /// <summary>The current request unless it became a WebSocket, whose "end of the request" may be hours away.</summary>
    public HttpContext? Context => requests.Context is { Response.StatusCode: not StatusCodes.Status101SwitchingProtocols } context
        ? context : null;

    /// <summary>What is known in the current request, or was seen lately outside of requests.</summary>
    public TrailState Known => Context is null ? _outside.Recent : Existing?.State ?? TrailState.Outside;

    /// <summary>This moment, on the clock of sightings.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>A hasher is in use that tells of each comparison. Not so where another container keeps the application's own.</summary>
    public bool SeesHashes { get; set; }

    /// <summary>A hook saw this in the current request, or outside of requests.</summary>
    public TrailStep Saw(Sighting seen) => Saw(Context, seen);

    /// <summary>A hook saw this in that request.</summary>
    public TrailStep Saw(HttpContext? context, Sighting seen) => Take(context, Of(context), seen);

    /// <summary>A hook saw this of which nothing is known outside of requests.</summary>
    public TrailStep SawExisting(Sighting seen) => Take(Context, Existing, seen);

    /// <summary>The pipeline has run, or the response is complete: decides what is still open.</summary>
    public void Answer(HttpContext context, IdentityTrail trail, bool isLast)
    {
        using var current = requests.Enter(context);
        try
        {
            var isAttempt = !PresentedCredential.IsRead(context.Request.Method) && PresentedCredential.Of(context.Request) is null;
            var session = RequestEvidence.Existing<SignInEvidence>(context)?.Session;
            Take(context, trail, new Answered(Now, context.Response.StatusCode, isLast, isAttempt, session));
        }
        catch (Exception exception)
        {
            recorder.Failed("end of the request", exception);
        }
    }

    private TrailStep Take(HttpContext? context, IdentityTrail? trail, Sighting seen)
    {
        var step = trail?.See(seen) ?? IdentityMachine.Next(context is null ? _outside.See(seen) : TrailState.Outside, seen);
        foreach (var made in step.Events)
        {
            if (context is null || !SignInEvidence.IsToldAlready(context, made))
            {
                recorder.Record(made);
            }

            if (context is not null && made is { Outcome: EventOutcome.Failure, Action: "authn_login_fail" or "authn_mfa_fail" })
            {
                RequestEvidence.Of<AnswerEvidence>(context).AnswersSignIn = true;
            }
        }

        if (step.RefusesSignIn && context is not null)
        {
            RequestEvidence.Of<AnswerEvidence>(context).IsSignInRefused = true;
        }

        return step;
    }

    private IdentityTrail? Of(HttpContext? context)
    {
        if (context is null)
        {
            return null;
        }

        if (context.Features.Get<IdentityTrail>() is not { } trail)
        {
            trail = new IdentityTrail(AuditUser.From(context.User), SeesHashes);
            context.Features.Set(trail);
            context.Response.OnCompleted(() =>
            {
                Answer(context, trail, isLast: true);
                return Task.CompletedTask;
            });
        }

        return trail;
    }
}
