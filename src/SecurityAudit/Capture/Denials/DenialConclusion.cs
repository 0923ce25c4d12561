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
            && !(status == StatusCodes.Status401Unauthorized && RequestEvidence.Existing<DenialEvidence>(context) is { AnswersSignIn: true, Failed: null }))
        {
            Denial.Record(context, recorder);
        }
    }
}
