using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Denials;

/// <summary>
/// A bare 401 or 403 is a denial that the application decided by itself; after an enforced policy any refusal is one, though its handler hides
/// it behind another status. Where code asked about a resource and heard no, an answer that shows nothing of it hides a denial: that is
/// inferred.
/// </summary>
internal sealed class DenialConclusion(SecurityRecorder recorder) : IRequestConclusion
{
    public void Conclude(HttpContext context)
    {
        var status = context.Response.StatusCode;
        if (status < StatusCodes.Status300MultipleChoices || RecordedResponse.IsRefusedIn(context))
        {
            return;
        }

        var isEnforced = RequestEvidence.Existing<DenialEvidence>(context)?.Enforced is not null;
        var isHidden = !isEnforced && Denial.MayHide(context) && (Hides(status) || TellsBarely(context, status));
        if (isHidden)
        {
            Denial.Record(context, recorder, DenialKind.Hidden);
        }
        else if (isEnforced ? status is >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError : TellsBarely(context, status))
        {
            Denial.Record(context, recorder, DenialKind.Answer);
        }
    }

    /// <summary>Not that nothing changed, nor that something was made: an answer that leads away, or says that it is not there, or not so.</summary>
    private static bool Hides(int status) => status
        is (StatusCodes.Status301MovedPermanently or StatusCodes.Status302Found or StatusCodes.Status303SeeOther)
        or (StatusCodes.Status307TemporaryRedirect or StatusCodes.Status308PermanentRedirect)
        or (StatusCodes.Status400BadRequest or StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed)
        or (StatusCodes.Status409Conflict or StatusCodes.Status410Gone or StatusCodes.Status422UnprocessableEntity);

    private static bool TellsBarely(HttpContext context, int status) =>
        status == StatusCodes.Status403Forbidden || (status == StatusCodes.Status401Unauthorized && !AnswersSignIn(context));

    private static bool AnswersSignIn(HttpContext context) =>
        RequestEvidence.Existing<AnswerEvidence>(context) is { AnswersSignIn: true };
}
