using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Rpc;

/// <summary>gRPC denies within an answer of 200: its status says that somebody is not permitted, or is to sign in.</summary>
internal sealed class GrpcConclusion(SecurityRecorder recorder) : IRequestConclusion
{
    public void Conclude(HttpContext context)
    {
        if (GrpcCall.FailureOf(context) is not { } status || RecordedResponse.IsRefusedIn(context))
        {
            return;
        }

        if (status is GrpcCall.PermissionDenied)
        {
            Denial.Record(context, recorder, DenialKind.Forbid);
        }
        else if (status is GrpcCall.Unauthenticated && RequestEvidence.Existing<AnswerEvidence>(context) is not { AnswersSignIn: true })
        {
            Denial.Record(context, recorder, DenialKind.Challenge);
        }
    }
}
