using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Capture;

/// <summary>
/// The application's logger factory, whose loggers of a few names are read along. Neither filters nor a factory of somebody else's
/// (Serilog's, say, which calls no providers) keep anything from it. All other loggers are the factory's own.
/// </summary>
internal sealed class ObservedLoggerFactory(ILoggerFactory inner, bool ownsInner, ObservedLog[] observed, IServiceProvider services) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName)
    {
        var logger = inner.CreateLogger(categoryName);
        var log = Array.Find(observed, log => log.Categories.Contains(categoryName, StringComparer.Ordinal));
        return log is null ? logger : new ObservedLogger(logger, log, services);
    }

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        if (ownsInner)
        {
            inner.Dispose();
        }
    }

    /// <summary>
    /// Adds a log to those that are read, and the factory with the first. Call it as the last step before the container is built.
    /// </summary>
    public static void Observe<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TLog>(IServiceCollection services)
        where TLog : ObservedLog
    {
        var isFirst = !services.Any(service => service.ServiceType == typeof(ObservedLog));
        services.AddSingleton<ObservedLog, TLog>();
        if (!isFirst)
        {
            return;
        }

        for (var index = 0; index < services.Count; index++)
        {
            if (services[index] is { IsKeyedService: false } factory && factory.ServiceType == typeof(ILoggerFactory))
            {
                // What the container did not make it does not dispose of.
                var ownsInner = factory.ImplementationInstance is null;
                services[index] = Constructed(factory).Around((provider, inner) =>
                    new ObservedLoggerFactory((ILoggerFactory)inner, ownsInner, [.. provider.GetServices<ObservedLog>()], provider));
            }
        }
    }

    /// <summary>The framework's own factory has several constructors, and takes the one with everything.</summary>
    private static ServiceDescriptor Constructed(ServiceDescriptor factory) =>
        factory.ImplementationType != typeof(LoggerFactory)
            ? factory
            : new ServiceDescriptor(
                typeof(ILoggerFactory),
                static provider => new LoggerFactory(
                    provider.GetServices<ILoggerProvider>(),
                    provider.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
                    provider.GetService<IOptions<LoggerFactoryOptions>>(),
                    provider.GetService<IExternalScopeProvider>()),
                factory.Lifetime);
}
