using SecurityAudit.Capture.Denials;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Rpc;

/// <summary>gRPC denies within an answer of 200: its status says that somebody is not permitted, or is to sign in.</summary>
internal sealed class GrpcConclusion(SecurityRecorder recorder) : IRequestConclusion
{
    public void Conclude(in RequestEnd request)
    {
        var context = request.Context;
        if (GrpcCall.FailureOf(context) is not { } status || request.IsRefused)
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
