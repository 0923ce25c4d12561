using Microsoft.Extensions.Configuration;

namespace SecurityAudit.Hosting;

/// <summary>Packages that a configuration section switches on.</summary>
internal static class Extensions
{
    public const string ElasticsearchSection = "SecurityAudit:Elasticsearch";

    public static void Load(SecurityAuditBuilder builder)
    {
        if (builder.Configuration?.GetSection(ElasticsearchSection).Exists() != true)
        {
            return;
        }

        // A constant name: the trimmer sees it, and nothing from configuration decides which type is loaded.
        var extension = Type.GetType("SecurityAudit.Elasticsearch.ElasticsearchExtension, SecurityAudit.Elasticsearch", throwOnError: false)
            ?? throw new InvalidOperationException(
                $"The configuration has a section '{ElasticsearchSection}', but the package SecurityAudit.Elasticsearch is not referenced. "
                + "Add it (dotnet add package SecurityAudit.Elasticsearch) or remove the section.");
        ((ISecurityAuditExtension)Activator.CreateInstance(extension)!).Configure(builder);
    }
}
