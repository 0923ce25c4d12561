using System.Reflection;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using Serilog;

namespace SecurityAudit.Recording;

/// <summary>What saw an event, and on which machine: the same for all events, so Serilog adds it, and it is made once.</summary>
internal static class ObserverProperties
{
    private static readonly (Field<string> Field, string? Value)[] All =
    [
        (EventFields.Provider, "security-audit"),
        (EventFields.Module, "securityaudit"),
        (EventFields.Dataset, "securityaudit.events"),
        (EventFields.ObserverProduct, "SecurityAudit"),
        (EventFields.ObserverType, "audit"),
        (EventFields.ObserverVersion, typeof(ObserverProperties).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion),
        (EventFields.EcsVersion, "8.17.0"),
        (EventFields.HostId, HostIdentity.Id),
    ];

    public static LoggerConfiguration WithObserver(this LoggerConfiguration logger)
    {
        foreach (var (field, value) in All)
        {
            if (value is not null)
            {
                logger.Enrich.WithProperty(field.Name, value);
            }
        }

        return logger;
    }
}
