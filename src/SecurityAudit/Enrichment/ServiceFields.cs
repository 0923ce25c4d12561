using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Enrichment;

/// <summary>What is the same for every event of this process, but for one that says otherwise itself.</summary>
internal sealed class ServiceFields(IHostEnvironment environment, IOptions<SecurityAuditOptions> options)
{
    private readonly (Field<string> Field, string? Value)[] _fields =
    [
        (EventFields.ServiceName, options.Value.ServiceName ?? environment.ApplicationName),
        (EventFields.ServiceVersion, options.Value.ServiceVersion ?? VersionOfApplication()),
        (EventFields.ServiceEnvironment, environment.EnvironmentName),
        (EventFields.HostName, Environment.MachineName),
    ];

    public void AddTo(EventDraft draft)
    {
        foreach (var (field, value) in _fields)
        {
            draft.AddIfAbsent(field, value);
        }
    }

    private static string? VersionOfApplication() =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
