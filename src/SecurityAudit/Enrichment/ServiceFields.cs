using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Enrichment;

/// <summary>What is the same for every event of this process.</summary>
internal sealed class ServiceFields(IHostEnvironment environment, IOptions<SecurityAuditOptions> options)
{
    private readonly ImmutableArray<KeyValuePair<string, object?>> _fields =
    [
        new("service.name", options.Value.ServiceName ?? environment.ApplicationName),
        new("service.version", options.Value.ServiceVersion ?? VersionOfApplication()),
        new("service.environment", environment.EnvironmentName),
        new("host.name", Environment.MachineName),
        new("event.provider", "security-audit"),
        new("ecs.version", "8.17.0"),
    ];

    public void AddTo(ImmutableArray<KeyValuePair<string, object?>>.Builder fields) => fields.AddRange(_fields);

    private static string? VersionOfApplication() =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
