using Microsoft.AspNetCore.Http;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Denials;

/// <summary>
/// A bare 401 or 403 is a denial that the application decided by itself; after an enforced policy any refusal is one, though its handler hides
/// it behind another status.
/// </summary>
internal sealed class DenialConclusion(SecurityRecorder recorder) : IRequestConclusion
{
    public void Conclude(HttpContext context)
    {
        var status = context.Response.StatusCode;
        if (status < StatusCodes.Status400BadRequest || RecordedResponse.IsRefusedIn(context))
        {
            return;
        }

        var isEnforced = RequestEvidence.Existing<DenialEvidence>(context)?.Enforced is not null;
        if (isEnforced
            ? status < StatusCodes.Status500InternalServerError
            : status == StatusCodes.Status403Forbidden || (status == StatusCodes.Status401Unauthorized && !AnswersSignIn(context)))
        {
            Denial.Record(context, recorder, DenialKind.Answer);
        }
    }

    private static bool AnswersSignIn(HttpContext context) =>
        RequestEvidence.Existing<AnswerEvidence>(context) is { AnswersSignIn: true };
}
