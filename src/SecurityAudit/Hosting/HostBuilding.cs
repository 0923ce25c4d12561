using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SecurityAudit.Hosting;

/// <summary>
/// Runs <see cref="BuildFinalizer"/> when a host is built, after every registration of the application and before a container, of whatever
/// make, takes them over.
/// </summary>
/// <remarks>
/// Hosts say through a <see cref="DiagnosticListener"/> that they are being built, and hand out their builder: design-time tools and
/// <c>WebApplicationFactory</c> live on the same. One for the process, as that list of listeners is; it holds on to no application.
/// </remarks>
internal sealed class HostBuilding : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private const string Source = "Microsoft.Extensions.Hosting";
    private const string Event = "HostBuilding";

    private static readonly ConditionalWeakTable<IServiceCollection, HostBuilding> s_awaited = [];
    private static readonly Lazy<HostBuilding> s_observer = new(static () =>
    {
        var observer = new HostBuilding();
        DiagnosticListener.AllListeners.Subscribe(observer);
        return observer;
    });

    /// <summary>From now on; a host that is being built already has said so.</summary>
    public static void Listen() => _ = s_observer.Value;

    /// <summary>These services are decorated when their host is built.</summary>
    public static void Await(IServiceCollection services) => s_awaited.AddOrUpdate(services, s_observer.Value);

    public void OnNext(DiagnosticListener value)
    {
        // A host has a listener of its own, which ends with its building.
        if (string.Equals(value.Name, Source, StringComparison.Ordinal))
        {
            value.Subscribe(this, static name => string.Equals(name, Event, StringComparison.Ordinal));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is IHostBuilder builder)
        {
            // Behind what the application gave its builder to do. Hosts of others are built too: theirs is not in the table.
            builder.ConfigureServices(static (_, services) =>
            {
                if (s_awaited.Remove(services))
                {
                    BuildFinalizer.Run(services);
                }
            });
        }
    }

    public void OnCompleted()
    {
        // The list of listeners ends with the process.
    }

    public void OnError(Exception error)
    {
        // A source that fails says nothing more; the check at start then says what is not covered.
    }
}
