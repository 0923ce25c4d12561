using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace SecurityAudit.Inventory;

/// <summary>SignalR's hubs, and Blazor's circuits, which are one.</summary>
internal sealed class Hubs(string kind) : EndpointSource
{
    public const string HubKind = "hub";
    public const string CircuitKind = "circuit";

    // Not public.
    private const string CircuitHub = "Microsoft.AspNetCore.Components.Server.ComponentHub";
    private const string Negotiate = "/negotiate";

    public override string Kind => kind;

    /// <summary>Blazor's own hub.</summary>
    public static bool IsCircuit(Type? hub) => string.Equals(hub?.FullName, CircuitHub, StringComparison.Ordinal);

    protected override ApplicationPart? Part(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<HubMetadata>() is not { } hub || IsCircuit(hub.HubType) != (kind == CircuitKind))
        {
            return null;
        }

        var route = RouteOf(endpoint);
        if (route.EndsWith(Negotiate, StringComparison.Ordinal))
        {
            route = route[..^Negotiate.Length];
        }

        return kind == CircuitKind
            ? new ApplicationPart(kind, route, hub, "What happens within a circuit is not recorded: record what its components decide with ISecurityAudit.")
            : new ApplicationPart(
                kind, $"{route} {hub.HubType.Name}", hub,
                "A refused connection is recorded, what its methods refuse, throw and do is not: record it there with ISecurityAudit.");
    }
}
