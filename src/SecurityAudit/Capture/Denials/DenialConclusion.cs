using Microsoft.AspNetCore.Http;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Denials;

/// <summary>
/// A bare 401 or 403 is a denial that the application decided by itself; after an enforced policy any refusal is one, though its handler hides
/// it behind another status. Where code asked about a resource and heard no, an answer that shows nothing of it hides a denial: that is
/// inferred.
/// </summary>
internal sealed class DenialConclusion(SecurityRecorder recorder) : IRequestConclusion
{
    public void Conclude(in RequestEnd request)
    {
        var status = request.StatusCode;
        if (status < StatusCodes.Status300MultipleChoices || request.IsRefused)
        {
            return;
        }

        var isEnforced = request.Existing<DenialEvidence>()?.Enforced is not null;
        var isHidden = !isEnforced && Denial.MayHide(request.Context) && (Hides(status) || TellsBarely(request, status));
        if (isHidden)
        {
            Denial.Record(request.Context, recorder, DenialKind.Hidden);
        }
        else if (isEnforced ? status is >= StatusCodes.Status400BadRequest and < StatusCodes.Status500InternalServerError : TellsBarely(request, status))
        {
            Denial.Record(request.Context, recorder, DenialKind.Answer);
        }
    }

    /// <summary>Not that nothing changed, nor that something was made: an answer that leads away, or says that it is not there, or not so.</summary>
    private static bool Hides(int status) => status
        is (StatusCodes.Status301MovedPermanently or StatusCodes.Status302Found or StatusCodes.Status303SeeOther)
        or (StatusCodes.Status307TemporaryRedirect or StatusCodes.Status308PermanentRedirect)
        or (StatusCodes.Status400BadRequest or StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed)
        or (StatusCodes.Status409Conflict or StatusCodes.Status410Gone or StatusCodes.Status422UnprocessableEntity);

    private static bool TellsBarely(in RequestEnd request, int status) =>
        status == StatusCodes.Status403Forbidden
        || (status == StatusCodes.Status401Unauthorized && request.Existing<AnswerEvidence>() is not { AnswersSignIn: true });
}
