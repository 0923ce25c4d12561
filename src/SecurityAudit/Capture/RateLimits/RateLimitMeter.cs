using System.Diagnostics.Metrics;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.RateLimits;

/// <summary>
/// Records, once a request, that the rate limiter refused it. Which partition it fell into is not in the measurement: its key may be a
/// secret of the caller.
/// </summary>
/// <remarks>
/// The measurement is made before <c>OnRejected</c>, whether there is one or not, and by nothing but the middleware. Names: ASP.NET Core
/// 10.0.12, as measured.
/// </remarks>
internal sealed class RateLimitMeter(CurrentRequest requests, SecurityRecorder recorder) : IMeterObserver
{
    public const string Meter = "Microsoft.AspNetCore.RateLimiting";

    public bool Observes(Instrument instrument) =>
        string.Equals(instrument.Meter.Name, Meter, StringComparison.Ordinal)
        && string.Equals(instrument.Name, "aspnetcore.rate_limiting.requests", StringComparison.Ordinal);

    public void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        switch (Tag(tags, "aspnetcore.rate_limiting.result"))
        {
            case "endpoint_limiter":
                Refused(Tag(tags, "aspnetcore.rate_limiting.policy"), "refused by the endpoint's limiter");
                break;
            case "global_limiter":
                // The measurement names the endpoint's policy all the same, which had no say.
                Refused(policy: null, "refused by the global limiter");
                break;
            default:
                break; // let through, or the client left while it waited
        }
    }

    private void Refused(string? policy, string reason)
    {
        // An answer made by running the pipeline again may be refused again.
        if (requests.Context is not { } request || RequestEvidence.IsFirst<Recorded>(request))
        {
            recorder.Record(SecurityEvents.ExcessRateLimitExceeded(policy) with { Reason = reason });
        }
    }

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (string.Equals(tag.Key, name, StringComparison.Ordinal))
            {
                return tag.Value as string;
            }
        }

        return null;
    }

    /// <summary>Says that it is recorded for this request.</summary>
    private sealed class Recorded : Evidence;
}
