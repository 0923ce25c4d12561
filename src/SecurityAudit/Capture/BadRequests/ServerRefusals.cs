using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
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
internal sealed class ServerRefusals : IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private readonly LimitedEvents _events;
    private readonly HookFailures _failures;
    private readonly IDisposable? _subscription;

    public ServerRefusals(IServiceProvider services, LimitedEvents events, HookFailures failures)
    {
        (_events, _failures) = (events, failures);
        // Of this host alone. A host without a web server has none.
        _subscription = services.GetService<DiagnosticListener>()?.Subscribe(this, static name => string.Equals(name, BadRequest, StringComparison.Ordinal));
    }

    public bool IsListening => _subscription is not null;

    public void OnNext(KeyValuePair<string, object?> value)
    {
        // Kestrel asks no listener in particular whether it wants to know: whoever listens gets all that anybody asked for.
        if (!string.Equals(value.Key, BadRequest, StringComparison.Ordinal) || value.Value is not IFeatureCollection request)
        {
            return;
        }

        try
        {
            Refused(request);
        }
        catch (Exception failure)
        {
            // What is thrown here would reach the server's own handling of the connection.
            _failures.Failed(this, failure);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscription?.Dispose();

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
        _events.TryRecord(
            RefusedRequests.ByServer,
            SourceNetwork.Of(address),
            refused.With(EventFields.StatusCode, refusal.StatusCode).With(EventFields.SourceIp, TypedValue.TextOf(address)));
    }
}
