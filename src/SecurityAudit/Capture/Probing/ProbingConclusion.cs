using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Probing;

/// <summary>
/// Whoever looks for what could be attacked: by the name of the tool, by methods that nothing takes, by many addresses that do not exist.
/// </summary>
internal sealed class ProbingConclusion(MissedAddresses misses, LimitedEvents events) : IRequestConclusion
{
    private static readonly LimitedKind Tool = new("attack_tool", Most: 1, TimeSpan.FromMinutes(10));
    private static readonly LimitedKind Method = new("unusual_method", Most: 5, TimeSpan.FromMinutes(10));
    private static readonly LimitedKind Excess = new("probing", Most: 1, MissedAddresses.Storm);

    private static readonly string ExcessReason = string.Create(
        CultureInfo.InvariantCulture,
        $"{MissedAddresses.TooMany} different addresses within {MissedAddresses.Window.TotalSeconds:0} s were answered with 404, 405 or 400");

    public void Conclude(HttpContext context)
    {
        LookAtAgent(context);
        var status = context.Response.StatusCode;
        if (status < StatusCodes.Status400BadRequest || !RequestEvidence.IsFirst<Counted>(context))
        {
            return;
        }

        LookAtMethod(context, status);
        if (status is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed or StatusCodes.Status400BadRequest
            && misses.Add(SourceNetwork.Of(context.Connection.RemoteIpAddress), context.Request.Path.Value ?? ""))
        {
            events.Record(Excess, context, (SecurityEvents.MaliciousExcess404() with { Reason = ExcessReason }).With(EventFields.StatusCode, status));
        }
    }

    public void Threw(HttpContext context, Exception exception) => LookAtAgent(context);

    private void LookAtAgent(HttpContext context)
    {
        if (AttackTools.NameIn(context.Request.Headers.UserAgent.ToString()) is { } tool && RequestEvidence.IsFirst<Named>(context))
        {
            // What became of the request is another matter.
            events.Record(
                Tool, context, SecurityEvents.MaliciousAttackTool(tool) with { Reason = "it says so itself", Outcome = EventOutcome.Unknown }, tool);
        }
    }

    private void LookAtMethod(HttpContext context, int status)
    {
        var method = context.Request.Method;
        if (IsUsual(method)
            || context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true
            || context.GetEndpoint()?.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(method, StringComparer.OrdinalIgnoreCase) == true)
        {
            return;
        }

        // Common clients try methods of WebDAV by themselves.
        events.Record(
            Method,
            context,
            (SecurityEvents.MaliciousExtraneous("method") with { Reason = "no endpoint takes this method", Severity = EventSeverity.Medium })
                .With(EventFields.StatusCode, status));
    }

    private static bool IsUsual(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsHead(method) || HttpMethods.IsPut(method)
        || HttpMethods.IsDelete(method) || HttpMethods.IsPatch(method) || HttpMethods.IsOptions(method);

    /// <summary>Says that the answer of this request is counted.</summary>
    private sealed class Counted;

    /// <summary>Says that the tool of this request is named.</summary>
    private sealed class Named;
}
