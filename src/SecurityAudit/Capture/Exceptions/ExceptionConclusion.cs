using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Redirects;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Reconciliation;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Exceptions;

/// <summary>Exceptions that were handled, swallowed, or went through.</summary>
internal sealed class ExceptionConclusion(SecurityRecorder recorder, ExceptionEvent exceptions, CurrentRequest requests) : IRequestConclusion
{
    public void Conclude(in RequestEnd request)
    {
        Record(request.Context, request.Handled, handled: true);
        Record(request.Context, request.Swallowed, handled: true);
        RecordUnseen(request);
    }

    public void Threw(in RequestEnd request, Exception exception) => Record(request.Context, CauseOf(exception), handled: false);

    /// <summary>
    /// What the server says a request ended with, in the pipeline or behind it: several, where more than one was thrown. Never refused: its
    /// answer is out.
    /// </summary>
    public void ThrewLate(HttpContext context, Exception exception)
    {
        using var current = requests.Enter(context);
        foreach (var thrown in exception is AggregateException several && !WasRecorded(context, several) ? several.InnerExceptions : (IReadOnlyList<Exception>)[exception])
        {
            var one = CauseOf(thrown);
            if (one is not JournalUnavailableException && !ClientGone.Explains(context, one) && !IsToldAsWhatItIs(context, one)
                && RequestEvidence.Of<ExceptionEvidence>(context).First(one))
            {
                recorder.TryRecord(exceptions.Of(context, one, handled: false));
            }
        }
    }

    /// <summary>Whoever writes an answer that could not begin hears from the server that it is over, and of the exception that ended it.</summary>
    private static Exception CauseOf(Exception exception) =>
        exception is ObjectDisposedException { InnerException: { } cause } && ClientGone.IsOfServer(exception) ? cause : exception;

    private static bool WasRecorded(HttpContext context, Exception exception) =>
        RequestEvidence.Existing<ExceptionEvidence>(context)?.WasRecorded(exception) == true;

    /// <summary>
    /// Code of the application's may have caught an exception and answered by itself; or may answer 500 without one. Which of them nobody can
    /// tell, so that the answer alone is recorded.
    /// </summary>
    private void RecordUnseen(in RequestEnd request)
    {
        if (request.StatusCode != StatusCodes.Status500InternalServerError
            || request.IsRefused
            || request.Context.RequestAborted.IsCancellationRequested
            || request.Existing<AnswerEvidence>() is { IsSignInRefused: true } or { SignInFailure: not null } or { IsDenied: true } or { IsForNobody: true }
            || request.Existing<RequestTally>()?.HasRecorded(CountedKind.Exception) == true)
        {
            return;
        }

        var evidence = request.Of<ExceptionEvidence>();
        if (!evidence.IsAnswerRecorded && evidence.Swallowed is null && request.ErrorPage is null)
        {
            evidence.IsAnswerRecorded = true;
            recorder.Record(SecurityEvents.AppUnseenException().With(EventFields.StatusCode, request.StatusCode));
        }
    }

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
