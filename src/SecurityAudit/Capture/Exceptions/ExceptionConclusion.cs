using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Redirects;
using SecurityAudit.Journal;
using SecurityAudit.Reconciliation;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>Exceptions that were handled, swallowed, or went through.</summary>
internal sealed class ExceptionConclusion(SecurityRecorder recorder, ExceptionEvent exceptions) : IRequestConclusion
{
    public void Conclude(HttpContext context)
    {
        // UseExceptionHandler leaves what it handled here.
        Record(context, context.Features.Get<IExceptionHandlerFeature>()?.Error, handled: true);
        Record(context, RequestEvidence.Existing<ExceptionEvidence>(context)?.Swallowed, handled: true);
    }

    public void Threw(HttpContext context, Exception exception) => Record(context, exception, handled: false);

    private void Record(HttpContext context, Exception? exception, bool handled)
    {
        // A refusal is no fault of the application, and a client that leaves is none of anybody.
        if (exception is null or JournalUnavailableException || ClientGone.Explains(context, exception))
        {
            return;
        }

        if (IsToldAsWhatItIs(context, exception))
        {
            // The framework has counted an exception all the same.
            RequestEvidence.Of<RequestTally>(context).Record(CountedKind.Exception);
        }
        else if (RequestEvidence.Of<ExceptionEvidence>(context).First(exception))
        {
            recorder.Record(exceptions.Of(context, exception, handled));
        }
    }

    /// <summary>A sign-in that failed, a request that the application cannot take, a redirect that it refuses: another hook records that.</summary>
    private static bool IsToldAsWhatItIs(HttpContext context, Exception exception) =>
        IsRefusedSignIn(context, exception) || ClientFault.Of(exception) is not null || RefusedRedirect.Of(context, exception) is not null;

    // The framework answers a failed remote sign-in with an exception where the application does not: recorded as the sign-in that it is.
    private static bool IsRefusedSignIn(HttpContext context, Exception exception) =>
        exception is AuthenticationFailureException { InnerException: { } failure }
        && ReferenceEquals(failure, RequestEvidence.Existing<AnswerEvidence>(context)?.SignInFailure);
}
