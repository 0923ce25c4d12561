using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Identity;

/// <summary>An attempt to sign in that is no matter of <c>SignInManager</c> is decided by its answer.</summary>
internal sealed class IdentityConclusion(JournalGate gate) : IRequestConclusion
{
    public void Conclude(HttpContext context)
    {
        if (context.Features.Get<IdentityEvidence>() is not { } attempt || RecordedResponse.IsRefusedIn(context))
        {
            return;
        }

        if (attempt is { ClaimedName: not null, Caller: null } && context.Response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            // A name that nobody has must not be told from one whose password or token was refused unseen.
            gate.Demand();
        }

        attempt.Decide();
        RequestEvidence.Of<DenialEvidence>(context).AnswersSignIn = true;
    }
}
