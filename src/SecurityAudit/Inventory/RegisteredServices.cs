using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture;

namespace SecurityAudit.Inventory;

/// <summary>What the application registered, in the order in which it did; whole once the container is built.</summary>
internal sealed class RegisteredServices(IServiceCollection services)
{
    /// <summary>The services whose registrations capture decorated, by their types.</summary>
    public IEnumerable<Type> Decorated => services.OfType<DecoratedService>().Select(service => service.ServiceType).Distinct();

    public IEnumerable<ServiceDescriptor> All => services;
}
