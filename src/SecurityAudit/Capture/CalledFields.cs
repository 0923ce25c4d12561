using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture;

/// <summary>What was called, where it is more than an address: a hub, a gRPC service.</summary>
internal static class CalledFields
{
    public const string SignalR = "signalr";
    public const string Grpc = "grpc";

    /// <summary>The event with what the request's endpoint says; as it is where that is any other endpoint.</summary>
    public static SecurityEvent Of(HttpContext request, SecurityEvent e)
    {
        if (request.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is { } hub)
        {
            return Of(e, SignalR, hub.HubType.Name, method: null);
        }

        return GrpcCall.Of(request) is { } call
            ? Of(e, Grpc, call.Service, call.Method).With(EventFields.RpcStatus, GrpcCall.FailureOf(request))
            : e;
    }

    public static SecurityEvent Of(SecurityEvent e, string system, string service, string? method) =>
        e.With(EventFields.RpcSystem, system).With(EventFields.RpcService, service).With(EventFields.RpcMethod, method);
}
