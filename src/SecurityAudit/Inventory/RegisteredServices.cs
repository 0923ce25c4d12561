using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Inventory;

/// <summary>What the application registered, in the order in which it did; whole once the container is built.</summary>
internal sealed class RegisteredServices(IServiceCollection services)
{
    public IEnumerable<ServiceDescriptor> All => services;
}
