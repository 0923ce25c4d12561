using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.SignIns;

/// <summary>
/// What the answer tells of a sign-in by code of the application's own, where nothing else told of it. None of it was seen, so each of
/// these events says that it is inferred.
/// </summary>
internal sealed class SignInConclusion(SecurityRecorder recorder, SignInEndpoints endpoints, Pseudonyms pseudonyms) : IRequestConclusion
{
    private const string NotAccepted = "the application answered 401; why is not known";
    private const string NobodySignedIn = "nobody was signed in where people sign in";

    public void Conclude(in RequestEnd request)
    {
        var context = request.Context;
        if (request.Existing<SignInEvidence>() is { IsDecided: true } || request.IsRefused)
        {
            return;
        }

        if (context.Response.StatusCode == StatusCodes.Status401Unauthorized && PresentedCredential.Of(context.Request) is { } presented)
        {
            Credential(context, presented);
        }
        else if (!PresentedCredential.IsRead(context.Request.Method) && IsRefusedSignIn(context) && IsAnonymous(context))
        {
            recorder.Record(SecurityEvents.AuthnLoginFail(AuditUser.Claimed(PostedName.Of(context)), NobodySignedIn)
                .With(EventFields.StatusCode, context.Response.StatusCode).Inferred());
            RequestEvidence.Of<AnswerEvidence>(context).IsSignInRefused = true;
        }
    }

    // No scheme looked at it, or the application would have been asked to sign in by one.
    private void Credential(HttpContext context, PresentedCredential presented)
    {
        if (RequestEvidence.Existing<SignInEvidence>(context) is { IsCredentialTold: true }
            || RequestEvidence.Existing<AnswerEvidence>(context) is { IsDenied: true } or { IsSignInRefused: true }
            || !IsAnonymous(context))
        {
            return;
        }

        var looked = RequestEvidence.Existing<IdentityTrail>(context)?.State.Refused;
        var invalid = SecurityEvents.AuthnCredentialInvalid(presented.Scheme, NotAccepted).With(EventFields.StatusCode, context.Response.StatusCode).Inferred();
        recorder.Record(presented.AddTo(looked is null ? invalid : invalid with { User = looked }, pseudonyms));
        RequestEvidence.Of<AnswerEvidence>(context).AnswersSignIn = true;
    }

    private bool IsRefusedSignIn(HttpContext context)
    {
        var isLearned = endpoints.IsLearned(context);
        return (isLearned || endpoints.IsLoginPage(context.Request.Path))
            && RequestEvidence.Existing<SignInEvidence>(context) is not { IsTurnedAway: true }
            && RequestEvidence.Existing<AnswerEvidence>(context) is not ({ IsDenied: true } or { IsSignInRefused: true } or { IsForNobody: true })
            && IsRefusal(context);
    }

    /// <summary>The form again, or that something was wrong with it. Whoever is sent elsewhere may have got one step further.</summary>
    private bool IsRefusal(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status200OK or StatusCodes.Status400BadRequest or StatusCodes.Status401Unauthorized
            or StatusCodes.Status403Forbidden or StatusCodes.Status422UnprocessableEntity => true,
        >= StatusCodes.Status300MultipleChoices and < StatusCodes.Status400BadRequest => IsBack(context),
        _ => false,
    };

    private bool IsBack(HttpContext context)
    {
        var target = context.Response.Headers.Location.ToString();
        if (Uri.TryCreate(target, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            target = address.PathAndQuery;
        }

        var end = target.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? target : target[..end];
        return path.StartsWith('/')
            && PathString.FromUriComponent(path).StartsWithSegments(context.Request.PathBase, StringComparison.OrdinalIgnoreCase, out var rest)
            && (rest.Equals(context.Request.Path, StringComparison.OrdinalIgnoreCase) || endpoints.IsLoginPage(rest));
    }

    private static bool IsAnonymous(HttpContext context) => context.User.Identity?.IsAuthenticated != true;
}
