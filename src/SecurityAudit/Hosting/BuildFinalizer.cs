using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture;

namespace SecurityAudit.Hosting;

/// <summary>
/// The last step before the container is built: what the application registered is known now, closed generic types included.
/// </summary>
internal static class BuildFinalizer
{
    /// <summary>
    /// With a container of somebody else there is no service collection here; the check at start then says what is not covered.
    /// </summary>
    public static void Run(object container)
    {
        if (container is IServiceCollection services)
        {
            Run(services);
        }
    }

    public static void Run(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Decorated)))
        {
            return;
        }

        services.AddSingleton<Decorated>();
        foreach (var hook in CaptureHooks.All)
        {
            hook.Decorate(services);
        }
    }

    /// <summary>Says that the registrations are decorated: once is enough.</summary>
    private sealed class Decorated;
}
