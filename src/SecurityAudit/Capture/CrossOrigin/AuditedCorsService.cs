using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.CrossOrigin;

/// <summary>Records, once a request, that a policy does not allow its origin, be it a preflight or the request itself.</summary>
/// <remarks>
/// The policy answers a preflight for a method or header that it does not allow just as any other: the browser refuses then, and nothing
/// here knows whether it did.
/// </remarks>
internal sealed class AuditedCorsService(ICorsService inner, SecurityRecorder recorder, HookFailures failures) : ICorsService
{
    public CorsResult EvaluatePolicy(HttpContext context, CorsPolicy policy)
    {
        var result = inner.EvaluatePolicy(context, policy);
        try
        {
            if (!result.IsOriginAllowed && context.Request.Headers.Origin is { Count: > 0 } headers)
            {
                Refused(context, headers.ToString(), result.IsPreflightRequest);
            }
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure);
        }

        return result;
    }

    public void ApplyResult(CorsResult result, HttpResponse response) => inner.ApplyResult(result, response);

    private void Refused(HttpContext context, string header, bool isPreflight)
    {
        var origin = RequestOrigin.Read(header);
        if (origin.IsThatOf(context.Request))
        {
            return; // a browser names the origin of the application's own forms as well, and no policy need list it
        }

        if (RequestEvidence.IsFirst<Recorded>(context))
        {
            recorder.Record(SecurityEvents.MaliciousCors(origin.Text) with
            {
                Reason = isPreflight ? "the policy does not allow it, as the preflight was told" : "the policy does not allow it",
            });
        }
    }

    /// <summary>Says that it is recorded for this request.</summary>
    private sealed class Recorded;
}
