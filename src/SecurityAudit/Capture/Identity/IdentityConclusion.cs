using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Enrichment;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Identity;

/// <summary>An attempt to sign in that is no matter of <c>SignInManager</c> is decided by its answer.</summary>
internal sealed class IdentityConclusion(IdentityRequests requests, JournalGate gate) : IRequestConclusion
{
    public void Conclude(HttpContext context)
    {
        if (context.Features.Get<IdentityTrail>() is not { } trail || RecordedResponse.IsRefusedIn(context))
        {
            return;
        }

        if (context.Response.StatusCode >= StatusCodes.Status400BadRequest && trail.State is { Caller: null, HasLookups: true })
        {
            // A name that nobody has must not be told from one whose password or token was refused unseen.
            gate.Demand();
        }

        requests.Answer(context, trail, isLast: false);
        // Who is signed in already was denied something; that a password asked for again was wrong is noted where it is recorded. That an
        // account was looked up explains no answer.
        if (trail.State is { Caller: null } state && (state.HasSignIn || state.HasSession || state.HasAccountWork))
        {
            RequestEvidence.Of<AnswerEvidence>(context).AnswersSignIn = true;
        }
    }
}
