using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Activities;

/// <summary>The call of what is audited, with how it ended.</summary>
internal sealed class ActivityConclusion(SecurityRecorder recorder, HookFailures failures) : IRequestConclusion
{
    public void Conclude(in RequestEnd request) => Record(request, request.Handled);

    public void Threw(in RequestEnd request, Exception exception) => Record(request, exception);

    private void Record(in RequestEnd request, Exception? failure)
    {
        if ((request.Existing<ActivityEvidence>()?.Audit ?? AuditOf(request)) is not { } audit)
        {
            return;
        }

        var context = request.Context;
        var answer = request.Existing<AnswerEvidence>();
        var denied = answer?.IsDenied == true;
        var rpc = GrpcCall.FailureOf(context);
        var isCalledOff = rpc is GrpcCall.Cancelled || (rpc is GrpcCall.Unknown && context.RequestAborted.IsCancellationRequested);
        var isRefused = denied || (rpc is not null && !isCalledOff)
            || context.Response.StatusCode is >= StatusCodes.Status400BadRequest and not StatusCodes.Status499ClientClosedRequest;
        var isLeft = failure is null ? isCalledOff || answer?.IsForNobody == true || (!isRefused && ClientGone.Before(context.Response)) : ClientGone.Explains(context, failure);
        var failed = !isLeft && (failure is not null || isRefused);
        var evidence = request.Of<ActivityEvidence>();
        if (!evidence.IsNews(failed))
        {
            return;
        }

        // What a client began and did not wait for may be done, in part or wholly.
        var activity = isLeft
            ? audit.ToEvent(EventOutcome.Unknown) with { Reason = "the client went away" }
            : audit.ToEvent(failed ? EventOutcome.Failure : EventOutcome.Success)
                with { Reason = ReasonOf(failure, denied, context.Response.StatusCode, rpc) };
        if (evidence.Audit is null && audit.Arguments.Length > 0 && EndpointOf(request) is { } endpoint)
        {
            evidence.Audit = audit;
            try
            {
                HandlerArguments.Note(context, endpoint, RoutesOf(request), audit, evidence);
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
    private static AuditAttribute? AuditOf(in RequestEnd request) =>
        EndpointOf(request) is { Metadata: { } metadata } && metadata.GetMetadata<AuditAttribute>() is { } audit && metadata.GetMetadata<HubMetadata>() is null
            ? audit
            : null;

    /// <summary>Handlers that run the pipeline again for an error page replace the endpoint and remember the first one.</summary>
    private static Endpoint? EndpointOf(in RequestEnd request) =>
        request.Existing<ActivityEvidence>()?.Endpoint
            ?? request.ErrorPage?.Endpoint
            ?? StatusPage(request)?.Endpoint
            ?? request.Context.GetEndpoint();

    private static RouteValueDictionary RoutesOf(in RequestEnd request) =>
        request.Existing<ActivityEvidence>()?.Routes
            ?? request.ErrorPage?.RouteValues
            ?? StatusPage(request)?.RouteValues
            ?? request.Context.Request.RouteValues;

    private static IStatusCodeReExecuteFeature? StatusPage(in RequestEnd request) =>
        request.Context.Features[typeof(IStatusCodeReExecuteFeature)] as IStatusCodeReExecuteFeature;

    private static string? ReasonOf(Exception? failure, bool denied, int status, int? rpc) =>
        failure is not null ? failure.GetType().FullName
        : denied ? "denied"
        : rpc is not null ? string.Create(CultureInfo.InvariantCulture, $"the service answered the status {rpc}")
        : status >= StatusCodes.Status400BadRequest ? string.Create(CultureInfo.InvariantCulture, $"the application answered {status}")
        : null;
}
