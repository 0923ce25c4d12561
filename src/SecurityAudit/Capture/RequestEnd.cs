using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Journal;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture;

/// <summary>What the end of a request shows: exceptions, an attempt to sign in that is decided by its answer, a bare 401 or 403, the call of an audited endpoint.</summary>
internal sealed partial class RequestEnd(
    SecurityRecorder recorder, JournalGate gate, ExceptionEvent exceptions, AuditMetrics metrics, ILogger<RequestEnd> logger)
{
    /// <summary>
    /// Records what is known now that the request has its answer. May be called again when more is known: nothing is recorded twice.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and something of it could not be recorded.</exception>
    public void Conclude(HttpContext context)
    {
        try
        {
            // UseExceptionHandler leaves what it handled here.
            if (context.Features.Get<IExceptionHandlerFeature>()?.Error is { } handled)
            {
                Record(context, handled, handled: true);
            }

            var evidence = context.Features.Get<RequestEvidence>();
            if (evidence?.Swallowed is { } swallowed)
            {
                Record(context, swallowed, handled: true);
            }

            if (evidence?.IsSigningIn != true && RecordedResponse.Of(context)?.IsRefused != true)
            {
                var attempt = context.Features.Get<IdentityEvidence>();
                if (attempt is { ClaimedName: not null, Caller: null } && context.Response.StatusCode >= StatusCodes.Status400BadRequest)
                {
                    // A name that nobody has must not be told from one whose password or token was refused unseen.
                    gate.Demand();
                }

                attempt?.Decide();
                RecordDenial(context);
            }

            RecordActivity(context, exception: null);
        }
        catch (Exception failure) when (failure is not JournalUnavailableException)
        {
            Failed(failure);
        }
    }

    /// <summary>Records an exception that nobody handled. Always false: it goes on as if nobody had looked.</summary>
    public bool Threw(HttpContext context, Exception exception)
    {
        try
        {
            if (exception is not JournalUnavailableException && !(exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
            {
                Record(context, exception, handled: false);
                RecordActivity(context, exception);
            }
        }
        catch (Exception failure)
        {
            Failed(failure);
        }

        return false;
    }

    private void Record(HttpContext context, Exception exception, bool handled)
    {
        // A refusal is no fault of the application.
        if (exception is not JournalUnavailableException && RequestEvidence.Of(context).First(exception))
        {
            recorder.Record(exceptions.Of(context, exception, handled));
        }
    }

    private void RecordDenial(HttpContext context)
    {
        if (context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden
            && !AnswersSignIn(context))
        {
            Denial.Record(context, recorder);
        }
    }

    /// <summary>A 401 to a wrong password is the failed sign-in, which Identity's witness records; nothing was denied.</summary>
    private static bool AnswersSignIn(HttpContext context) =>
        context.Features.Get<RequestEvidence>()?.Failed is null
        && context.Response.StatusCode == StatusCodes.Status401Unauthorized
        && context.Features.Get<IdentityEvidence>() is not null;

    private void RecordActivity(HttpContext context, Exception? exception)
    {
        var evidence = context.Features.Get<RequestEvidence>();
        if ((evidence?.Audit ?? AuditOf(context)) is not { } audit)
        {
            return;
        }

        var failure = exception ?? context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var failed = failure is not null || evidence?.Denied == true || context.Response.StatusCode >= 400;
        if (!RequestEvidence.Of(context).IsNews(failed))
        {
            return;
        }

        var activity = SecurityEvents.Activity(audit.Action, failed ? EventOutcome.Failure : EventOutcome.Success)
            with { Reason = ReasonOf(failure, evidence, context) };
        foreach (var (name, value) in evidence?.Arguments ?? [])
        {
            activity = activity.WithAttribute(name, value);
        }

        recorder.Record(failure is null ? activity.With("http.response.status_code", context.Response.StatusCode) : activity);
    }

    /// <summary>Handlers that run the pipeline again for an error page replace the endpoint and remember the first one.</summary>
    private static AuditAttribute? AuditOf(HttpContext context)
    {
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint
            ?? context.Features.Get<IStatusCodeReExecuteFeature>()?.Endpoint
            ?? context.GetEndpoint();
        return endpoint?.Metadata.GetMetadata<AuditAttribute>();
    }

    private static string? ReasonOf(Exception? failure, RequestEvidence? evidence, HttpContext context) =>
        failure is not null ? failure.GetType().FullName
        : evidence?.Denied == true ? "denied"
        : context.Response.StatusCode >= 400 ? string.Create(CultureInfo.InvariantCulture, $"the application answered {context.Response.StatusCode}")
        : null;

    private void Failed(Exception failure)
    {
        metrics.Failed("capture");
        Log.Failed(logger, failure);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Capturing the end of a request failed.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
