using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Hosting;

/// <summary>Puts a decorator around the registration that is there; a later TryAdd of the application then leaves it alone.</summary>
internal static class Decoration
{
    public static void Decorate<TService, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TDecorator>(this IServiceCollection services)
        where TService : class
        where TDecorator : class, TService
    {
        for (var index = 0; index < services.Count; index++)
        {
            var inner = services[index];
            if (inner.ServiceType == typeof(TService) && !inner.IsKeyedService)
            {
                services[index] = ServiceDescriptor.Describe(
                    typeof(TService),
                    provider => ActivatorUtilities.CreateInstance<TDecorator>(provider, (TService)Instance(provider, inner)),
                    inner.Lifetime);
            }
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "ServiceDescriptor.ImplementationType keeps its public constructors by its own annotation.")]
    private static object Instance(IServiceProvider provider, ServiceDescriptor inner) =>
        inner.ImplementationInstance
        ?? inner.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!);
}
