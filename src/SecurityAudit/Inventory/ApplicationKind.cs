using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Inventory;

/// <summary>What an application is, by what it has.</summary>
internal static class ApplicationKind
{
    /// <summary>False in a worker: there are no requests, no sessions and no denials to capture.</summary>
    public static bool ServesRequests(this IServiceProvider services) => services.GetService<IServer>() is not null;
}
