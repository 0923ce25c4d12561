using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Activities;

/// <summary>The call of what is audited, with how it ended.</summary>
internal sealed class ActivityConclusion(SecurityRecorder recorder) : IRequestConclusion
{
    public void Conclude(HttpContext context) => Record(context, exception: null);

    public void Threw(HttpContext context, Exception exception) => Record(context, exception);

    private void Record(HttpContext context, Exception? exception)
    {
        if ((RequestEvidence.Existing<ActivityEvidence>(context)?.Audit ?? AuditOf(context)) is not { } audit)
        {
            return;
        }

        var failure = exception ?? context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var denied = RequestEvidence.Existing<AnswerEvidence>(context)?.IsDenied == true;
        var failed = failure is not null || denied || context.Response.StatusCode >= StatusCodes.Status400BadRequest;
        var evidence = RequestEvidence.Of<ActivityEvidence>(context);
        if (!evidence.IsNews(failed))
        {
            return;
        }

        var activity = SecurityEvents.Activity(audit.Action, failed ? EventOutcome.Failure : EventOutcome.Success)
            with { Reason = ReasonOf(failure, denied, context.Response.StatusCode) };
        foreach (var (name, value) in evidence.Arguments)
        {
            activity = activity.WithAttribute(name, value);
        }

        recorder.Record(failure is null ? activity.With(EventFields.StatusCode, context.Response.StatusCode) : activity);
    }

    /// <summary>Handlers that run the pipeline again for an error page replace the endpoint and remember the first one.</summary>
    private static AuditAttribute? AuditOf(HttpContext context)
    {
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint
            ?? context.Features.Get<IStatusCodeReExecuteFeature>()?.Endpoint
            ?? context.GetEndpoint();
        return endpoint?.Metadata.GetMetadata<AuditAttribute>();
    }

    private static string? ReasonOf(Exception? failure, bool denied, int status) =>
        failure is not null ? failure.GetType().FullName
        : denied ? "denied"
        : status >= StatusCodes.Status400BadRequest ? string.Create(CultureInfo.InvariantCulture, $"the application answered {status}")
        : null;
}
