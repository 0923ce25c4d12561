using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Activities;

/// <summary>The call of what is audited, with how it ended.</summary>
internal sealed class ActivityConclusion(SecurityRecorder recorder, HookFailures failures) : IRequestConclusion
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
        var answer = RequestEvidence.Existing<AnswerEvidence>(context);
        var denied = answer?.IsDenied == true;
        var rpc = GrpcCall.FailureOf(context);
        var isCalledOff = rpc is GrpcCall.Cancelled || (rpc is GrpcCall.Unknown && context.RequestAborted.IsCancellationRequested);
        var isRefused = denied || (rpc is not null && !isCalledOff)
            || context.Response.StatusCode is >= StatusCodes.Status400BadRequest and not StatusCodes.Status499ClientClosedRequest;
        var isLeft = failure is null ? isCalledOff || answer?.IsForNobody == true || (!isRefused && ClientGone.Before(context.Response)) : ClientGone.Explains(context, failure);
        var failed = !isLeft && (failure is not null || isRefused);
        var evidence = RequestEvidence.Of<ActivityEvidence>(context);
        if (!evidence.IsNews(failed))
        {
            return;
        }

        // What a client began and did not wait for may be done, in part or wholly.
        var activity = isLeft
            ? audit.ToEvent(EventOutcome.Unknown) with { Reason = "the client went away" }
            : audit.ToEvent(failed ? EventOutcome.Failure : EventOutcome.Success)
                with { Reason = ReasonOf(failure, denied, context.Response.StatusCode, rpc) };
        if (evidence.Audit is null && audit.Arguments.Length > 0 && EndpointOf(context) is { } endpoint)
        {
            evidence.Audit = audit;
            try
            {
                HandlerArguments.Note(context, endpoint, RoutesOf(context), audit, evidence);
            }
            catch (Exception unread) when (HookFailures.Catches(unread))
            {
                failures.Failed(this, unread); // the call is recorded without what could not be read
            }
        }

        foreach (var (name, value) in evidence.Arguments)
        {
            activity = activity.WithAttribute(name, value);
        }

        recorder.Record(failure is null && !isLeft ? activity.With(EventFields.StatusCode, context.Response.StatusCode) : activity);
    }

    /// <summary>At a hub's endpoint each call of a method is one, not the connection.</summary>
    private static AuditAttribute? AuditOf(HttpContext context) =>
        EndpointOf(context) is { Metadata: { } metadata } && metadata.GetMetadata<AuditAttribute>() is { } audit && metadata.GetMetadata<HubMetadata>() is null
            ? audit
            : null;

    /// <summary>Handlers that run the pipeline again for an error page replace the endpoint and remember the first one.</summary>
    private static Endpoint? EndpointOf(HttpContext context) =>
        RequestEvidence.Existing<ActivityEvidence>(context)?.Endpoint
            ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint
            ?? context.Features.Get<IStatusCodeReExecuteFeature>()?.Endpoint
            ?? context.GetEndpoint();

    private static RouteValueDictionary RoutesOf(HttpContext context) =>
        RequestEvidence.Existing<ActivityEvidence>(context)?.Routes
            ?? context.Features.Get<IExceptionHandlerFeature>()?.RouteValues
            ?? context.Features.Get<IStatusCodeReExecuteFeature>()?.RouteValues
            ?? context.Request.RouteValues;

    private static string? ReasonOf(Exception? failure, bool denied, int status, int? rpc) =>
        failure is not null ? failure.GetType().FullName
        : denied ? "denied"
        : rpc is not null ? string.Create(CultureInfo.InvariantCulture, $"the service answered the status {rpc}")
        : status >= StatusCodes.Status400BadRequest ? string.Create(CultureInfo.InvariantCulture, $"the application answered {status}")
        : null;
}
