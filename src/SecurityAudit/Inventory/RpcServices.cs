using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SecurityAudit.Capture;

namespace SecurityAudit.Inventory;

/// <summary>gRPC's services, by the type names of its own metadata: its package is not referenced.</summary>
internal sealed class RpcServices : EndpointSource
{
    public const string RpcKind = "rpc";

    public override string Kind => RpcKind;

    protected override ApplicationPart? Part(Endpoint endpoint)
    {
        if (!GrpcCall.IsOfGrpc(endpoint))
        {
            return null;
        }

        var route = RouteOf(endpoint);
        return new ApplicationPart(
            Kind, route[..Math.Max(1, route.LastIndexOf('/'))], endpoint,
            "What the endpoint refuses is recorded, what the service itself refuses and throws is not: record it there with ISecurityAudit.");
    }
}
