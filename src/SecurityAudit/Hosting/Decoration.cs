using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Hosting;

/// <summary>Puts a decorator around the registration that is there; a later TryAdd of the application then leaves it alone.</summary>
internal static class Decoration
{
    public const string Remedy = "Another registration replaced it after AddSecurityAudit: register yours with TryAdd, or call AddSecurityAudit after it.";

    public static void Decorate<TService, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TDecorator>(this IServiceCollection services)
        where TService : class
        where TDecorator : class, TService
    {
        for (var index = 0; index < services.Count; index++)
        {
            if (services[index] is { IsKeyedService: false } inner && inner.ServiceType == typeof(TService))
            {
                services[index] = inner.Around((provider, instance) => ActivatorUtilities.CreateInstance<TDecorator>(provider, (TService)instance));
            }
        }
    }

    /// <summary>The same registration with what <paramref name="decorate"/> makes of its instance.</summary>
    public static ServiceDescriptor Around(this ServiceDescriptor inner, Func<IServiceProvider, object, object> decorate)
    {
        Func<IServiceProvider, object> instance = inner switch
        {
            { ImplementationInstance: { } made } => _ => made,
            { ImplementationFactory: { } factory } => factory,
            _ => Create(inner.ImplementationType!),
        };
        return new ServiceDescriptor(inner.ServiceType, provider => decorate(provider, instance(provider)), inner.Lifetime);
    }

    private static Func<IServiceProvider, object> Create(
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type implementation) =>
        provider => ActivatorUtilities.CreateInstance(provider, implementation);
}
