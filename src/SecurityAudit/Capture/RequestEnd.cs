using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture;

/// <summary>What the end of a request shows: a bare 401 or 403, and the call of an endpoint that is audited.</summary>
internal static class RequestEnd
{
    public static void RecordDenial(HttpContext context, SecurityRecorder recorder)
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

    public static void RecordActivity(HttpContext context, SecurityRecorder recorder, Exception? exception)
    {
        var evidence = context.Features.Get<RequestEvidence>();
        if ((evidence?.Audit ?? AuditOf(context)) is not { } audit)
        {
            return;
        }

        var failure = exception ?? context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var failed = failure is not null || evidence?.Denied == true || context.Response.StatusCode >= 400;
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
}
