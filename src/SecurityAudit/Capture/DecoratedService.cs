using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture;

/// <summary>A registration that gives a decorator of the library's around what the application registered.</summary>
internal sealed class DecoratedService(Type service, Func<IServiceProvider, object> factory, ServiceLifetime lifetime)
    : ServiceDescriptor(service, factory, lifetime);
