using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Redaction;

namespace SecurityAudit.Capture.BadRequests;

/// <summary>
/// Requests that Kestrel refuses by itself: no middleware sees them. Kestrel tells the host's diagnostic listener; what it tells is read
/// for the answer and the address alone, for of the rest nobody knows how far it was read.
/// </summary>
/// <remarks>
/// HTTP/1.1: an HTTP/2 connection that breaks the protocol is ended without a word. A client that closes its connection in the midst of the
/// headers looks like a malformed request to Kestrel, and so here.
/// </remarks>
internal sealed class ServerRefusals(LimitedEvents events) : IHostEventObserver
{
    public string Event => "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public void Happened(object told)
    {
        if (told is IFeatureCollection request)
        {
            Refused(request);
        }
    }

    private void Refused(IFeatureCollection request)
    {
        // The pipeline has told what it saw of this request already.
        if (RequestEvidence.Existing<BadRequestEvidence>(request) is not null || request.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException refusal)
        {
            return;
        }

        // After the pipeline has begun only the body is left to fail, which of a client that hangs up looks the same: see ClientGone.
        if (refusal.StatusCode == StatusCodes.Status400BadRequest && request.Get<IServiceProvidersFeature>() is not null)
        {
            return;
        }

        var address = request.Get<IHttpConnectionFeature>()?.RemoteIpAddress;
        var part = RefusedPart.Of(refusal.StatusCode);
        var refused = SecurityEvents.HttpRequestRejected(part.Part) with { Reason = part.Reason };
        events.TryRecord(
            RefusedRequests.ByServer,
            SourceNetwork.Of(address),
            refused.With(EventFields.StatusCode, refusal.StatusCode).With(EventFields.SourceIp, TypedValue.TextOf(address)));
    }
}
