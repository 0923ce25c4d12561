using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SecurityAudit.Inventory;

/// <summary>gRPC's services, by the type names of its own metadata: its package is not referenced.</summary>
internal sealed class RpcServices : EndpointSource
{
    public const string RpcKind = "rpc";

    private const string MethodMetadata = "Grpc.AspNetCore.Server.GrpcMethodMetadata";

    public override string Kind => RpcKind;

    protected override ApplicationPart? Part(Endpoint endpoint)
    {
        foreach (var metadata in endpoint.Metadata)
        {
            if (string.Equals(metadata.GetType().FullName, MethodMetadata, StringComparison.Ordinal))
            {
                var route = RouteOf(endpoint);
                return new ApplicationPart(
                    Kind, route[..Math.Max(1, route.LastIndexOf('/'))], metadata,
                    "What the endpoint refuses is recorded, what the service itself refuses and throws is not: record it there with ISecurityAudit.");
            }
        }

        return null;
    }
}
