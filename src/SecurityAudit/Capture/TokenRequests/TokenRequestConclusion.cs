using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.TokenRequests;

/// <summary>What OpenIddict's server answered without the application, and what it refused.</summary>
internal sealed class TokenRequestConclusion(SecurityRecorder recorder) : IRequestConclusion
{
    public void Conclude(HttpContext context)
    {
        // The endpoints at which clients ask are asked by POST alone.
        if (!HttpMethods.IsPost(context.Request.Method) || OpenIddictTransaction.Of(context) is not { IsAnswered: true } transaction)
        {
            return;
        }

        var recorded = RequestEvidence.Of<TokenRequestEvidence>(context);
        if (recorded.IsRecorded || TokenRequestEvent.Of(transaction, Answer(context)) is not { } token)
        {
            return;
        }

        recorded.IsRecorded = true;
        if (token.Outcome is EventOutcome.Failure)
        {
            RequestEvidence.Of<AnswerEvidence>(context).IsSignInRefused = true;
        }

        recorder.Record(token);
    }

    // A wrong password of somebody is recorded where it was checked.
    private static bool Answer(HttpContext context) =>
        RequestEvidence.Existing<AnswerEvidence>(context) is { IsSignInRefused: true } or { AnswersSignIn: true };
}
