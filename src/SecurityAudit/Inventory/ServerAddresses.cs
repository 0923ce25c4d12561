using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Inventory;

/// <summary>Where the server listens: what comes through a Unix socket or a pipe has no address of whoever sent it.</summary>
internal sealed class ServerAddresses : IPartSource
{
    public string Kind => "address";

    public ValueTask<IEnumerable<ApplicationPart>> FindAsync(IServiceProvider scope) => ValueTask.FromResult(
        scope.GetService<IServer>() is not { } server ? []
        : server.Features.Get<IServerAddressesFeature>()?.Addresses is { Count: > 0 } addresses ? addresses.Select(Part)
        : [Part(server.GetType().Name, hasPeers: false)]);

    private ApplicationPart Part(string address) => Part(
        address,
        hasPeers: !address.Contains("://unix:", StringComparison.OrdinalIgnoreCase) && !address.Contains("://pipe:", StringComparison.OrdinalIgnoreCase));

    private ApplicationPart Part(string address, bool hasPeers) => new(
        Kind, address, address,
        "A request that comes there has no remote address, so its events have no source.ip and detection takes all of them for one source: have the proxy "
            + "send X-Forwarded-For and call UseForwardedHeaders.")
    {
        Known = hasPeers ? CoverageState.Covered : CoverageState.Partial,
    };
}
