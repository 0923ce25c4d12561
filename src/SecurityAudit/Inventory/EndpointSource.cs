using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Inventory;

/// <summary>Parts that are known by the metadata of their endpoints.</summary>
internal abstract class EndpointSource : IPartSource
{
    public abstract string Kind { get; }

    public virtual ValueTask<IEnumerable<ApplicationPart>> FindAsync(IServiceProvider scope)
    {
        var endpoints = scope.GetService<EndpointDataSource>()?.Endpoints ?? [];
        return ValueTask.FromResult(endpoints.Select(Part).OfType<ApplicationPart>().DistinctBy(part => part.Name, StringComparer.Ordinal));
    }

    /// <summary>What the endpoint is a part of; null where it is none of this kind.</summary>
    protected abstract ApplicationPart? Part(Endpoint endpoint);

    /// <summary>Its route as the application wrote it.</summary>
    protected static string RouteOf(Endpoint endpoint) =>
        endpoint is RouteEndpoint { RoutePattern.RawText: { } route } ? "/" + route.TrimStart('/') : endpoint.DisplayName ?? "/";
}
