using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Inventory;

/// <summary>gRPC's services, by the type names of its own metadata: its package is not referenced.</summary>
internal sealed class RpcServices : EndpointSource
{
    public const string RpcKind = "rpc";

    public override string Kind => RpcKind;

    /// <summary>Whether the endpoint is a method of a gRPC service.</summary>
    public static bool Has(Endpoint endpoint) =>
        endpoint.Metadata.Any(metadata => metadata.GetType().FullName is "Grpc.AspNetCore.Server.GrpcMethodMetadata");

    protected override ApplicationPart? Part(Endpoint endpoint)
    {
        if (!Has(endpoint))
        {
            return null;
        }

        var route = RouteOf(endpoint);
        return new ApplicationPart(
            Kind, route[..Math.Max(1, route.LastIndexOf('/'))], endpoint,
            "What the endpoint refuses is recorded, what the service itself refuses and throws is not: record it there with ISecurityAudit.");
    }
}
