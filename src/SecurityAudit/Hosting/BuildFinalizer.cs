using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Hosting;

/// <summary>
/// The last step before the container is built: what the application registered is known now, closed generic types included.
/// </summary>
internal static class BuildFinalizer
{
    /// <summary>
    /// With a container of somebody else there is no service collection here: it has been decorated before the container took it over.
    /// </summary>
    public static void RunOn(object container)
    {
        if (container is IServiceCollection services)
        {
            Run(services);
        }
    }

    /// <summary>Decorates what is registered; when called again, what has been registered since.</summary>
    public static void Run(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(Finalized))?.ImplementationInstance is not Finalized done)
        {
            services.AddSingleton(done = new Finalized());
            Decorate(services);
        }
        else
        {
            DecorateNew(services, done);
        }

        done.Services.UnionWith(services);
    }

    private static void DecorateNew(IServiceCollection services, Finalized done)
    {
        IServiceCollection added = new ServiceCollection();
        List<int> places = [];
        for (var at = 0; at < services.Count; at++)
        {
            if (!done.Services.Contains(services[at]))
            {
                places.Add(at);
                added.Add(services[at]);
            }
        }

        if (places.Count == 0)
        {
            return;
        }

        Decorate(added);
        for (var at = 0; at < added.Count; at++)
        {
            if (at < places.Count)
            {
                services[places[at]] = added[at];
            }
            else
            {
                services.Add(added[at]);
            }
        }
    }

    private static void Decorate(IServiceCollection services)
    {
        foreach (var hook in CaptureHooks.All)
        {
            hook.Decorate(services);
        }
    }

    /// <summary>Which registrations have been looked at.</summary>
    private sealed class Finalized
    {
        public HashSet<ServiceDescriptor> Services { get; } = new(ReferenceEqualityComparer.Instance);
    }
}
