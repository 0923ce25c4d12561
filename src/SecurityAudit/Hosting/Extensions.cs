using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;

namespace SecurityAudit.Hosting;

/// <summary>Packages that a configuration section switches on.</summary>
internal static class Extensions
{
    public const string ElasticsearchSection = "SecurityAudit:Elasticsearch";
    public const string EmailSection = "SecurityAudit:Alerts:Email";

    public static IReadOnlyList<string> Sections { get; } = [ElasticsearchSection, EmailSection];

    public static void Load(SecurityAuditBuilder builder)
    {
        // Constant names: the trimmer sees them, and nothing from configuration decides which type is loaded.
        if (IsThere(builder, ElasticsearchSection))
        {
            Load(
                builder, ElasticsearchSection, "SecurityAudit.Elasticsearch",
                Type.GetType("SecurityAudit.Elasticsearch.ElasticsearchExtension, SecurityAudit.Elasticsearch", throwOnError: false));
        }

        if (IsThere(builder, EmailSection))
        {
            Load(builder, EmailSection, "SecurityAudit.Email", Type.GetType("SecurityAudit.Email.EmailExtension, SecurityAudit.Email", throwOnError: false));
        }
    }

    private static bool IsThere(SecurityAuditBuilder builder, string section) => builder.Configuration?.GetSection(section).Exists() == true;

    private static void Load(
        SecurityAuditBuilder builder, string section, string package,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type? extension)
    {
        if (extension is null)
        {
            throw new InvalidOperationException(
                $"The configuration has a section '{section}', but the package {package} is not referenced. "
                + $"Add it (dotnet add package {package}) or remove the section.");
        }

        ((ISecurityAuditExtension)Activator.CreateInstance(extension)!).Configure(builder);
    }
}
