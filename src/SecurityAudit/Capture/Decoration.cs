using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture;

/// <summary>Puts a decorator around the registration that is there; a later TryAdd of the application then leaves it alone.</summary>
internal static class Decoration
{
    public const string Remedy = "Another registration replaced it after AddSecurityAudit: register yours with TryAdd, or call AddSecurityAudit after it.";

    /// <param name="services">Where the registrations are.</param>
    /// <param name="decorate">Constructs the decorator around an instance. Called once a request or oftener: it constructs, and looks up
    /// nothing by reflection.</param>
    public static void Decorate<TService>(this IServiceCollection services, Func<IServiceProvider, TService, TService> decorate)
        where TService : class
    {
        for (var index = 0; index < services.Count; index++)
        {
            if (services[index] is { IsKeyedService: false } inner && inner.ServiceType == typeof(TService))
            {
                services[index] = inner.Around((provider, instance) => decorate(provider, (TService)instance));
            }
        }
    }

    /// <summary>The same registration with what <paramref name="decorate"/> makes of its instance.</summary>
    public static ServiceDescriptor Around(this ServiceDescriptor inner, Func<IServiceProvider, object, object> decorate)
    {
        Func<IServiceProvider, object> instance = inner switch
        {
            { ImplementationInstance: { } existing } => _ => existing,
            { ImplementationFactory: { } factory } => factory,
            _ => Create(inner.ImplementationType!),
        };
        return new DecoratedService(inner.ServiceType, provider => decorate(provider, instance(provider)), inner.Lifetime);
    }

    /// <summary>The one constructor is prepared when the container is built, not each time that an instance is wanted.</summary>
    private static Func<IServiceProvider, object> Create(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type implementation)
    {
        if (implementation.GetConstructors().Length > 1)
        {
            // Which of several can be called depends on what is registered; a factory would refuse to choose.
            return provider => ActivatorUtilities.CreateInstance(provider, implementation);
        }

        var factory = ActivatorUtilities.CreateFactory(implementation, Type.EmptyTypes);
        return provider => factory(provider, arguments: null);
    }
}
