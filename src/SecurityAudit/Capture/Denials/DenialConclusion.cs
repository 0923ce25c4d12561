using Microsoft.AspNetCore.Http;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Denials;

/// <summary>A bare 401 or 403 is a denial that the application decided by itself.</summary>
internal sealed class DenialConclusion(SecurityRecorder recorder) : IRequestConclusion
{
    public void Conclude(HttpContext context)
    {
        var status = context.Response.StatusCode;
        if (status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
            && !RecordedResponse.IsRefusedIn(context)
            && !(status == StatusCodes.Status401Unauthorized && AnswersSignIn(context)))
        {
            Denial.Record(context, recorder);
        }
    }

    private static bool AnswersSignIn(HttpContext context) =>
        RequestEvidence.Existing<AnswerEvidence>(context) is { AnswersSignIn: true } && RequestEvidence.Existing<DenialEvidence>(context)?.Failed is null;
}
