using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Redirects;
using SecurityAudit.Journal;
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
        // A refusal is no fault of the application, nor is a request that it cannot take; a client that leaves is none of anybody.
        if (exception is not (null or JournalUnavailableException)
            && !ClientGone.Explains(context, exception)
            && !IsRefusedSignIn(context, exception)
            && ClientFault.Of(exception) is null
            && RefusedRedirect.Of(context, exception) is null
            && RequestEvidence.Of<ExceptionEvidence>(context).First(exception))
        {
            recorder.Record(exceptions.Of(context, exception, handled));
        }
    }

    // The framework answers a failed remote sign-in with an exception where the application does not: recorded as the sign-in that it is.
    private static bool IsRefusedSignIn(HttpContext context, Exception exception) =>
        exception is AuthenticationFailureException { InnerException: { } failure }
        && ReferenceEquals(failure, RequestEvidence.Existing<AnswerEvidence>(context)?.SignInFailure);
}
