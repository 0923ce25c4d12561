using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecurityAudit.Alerts;
using SecurityAudit.Configuration;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Opening;
using SecurityAudit.Responses;

namespace SecurityAudit.Hosting;

/// <summary>
/// Reads the section <c>SecurityAudit</c>. A key that is not an option, and a value that says nothing, are faults for the one message.
/// </summary>
/// <remarks>
/// By hand: the framework's binder throws at the first value that it cannot read, and cannot leave out what only code can give.
/// </remarks>
/// <param name="configuration">The application's; null where it has none.</param>
/// <param name="isLate">It was not there yet when packages could still add services.</param>
internal sealed class OptionsSection(IConfiguration? configuration, bool isLate = false) : IConfigureOptions<SecurityAuditOptions>
{
    public const string Name = "SecurityAudit";

    /// <summary>What was wrong when the section was read.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    public void Configure(SecurityAuditOptions options)
    {
        if (configuration is null)
        {
            return;
        }

        var faults = new List<string>();
        var audit = new SectionReader(configuration.GetSection(Name), faults);
        audit.Text(nameof(options.ServiceName), value => options.ServiceName = value);
        audit.Text(nameof(options.ServiceVersion), value => options.ServiceVersion = value);
        audit.Value<int>(nameof(options.MaxValueLength), value => options.MaxValueLength = value);
        audit.Texts(nameof(options.SensitiveNames), options.SensitiveNames);
        audit.NamedTexts(nameof(options.AcceptedGaps), options.AcceptedGaps, "an object of parts and reasons");
        audit.Enumeration<ExceptionMessages>(nameof(options.ExceptionMessages), value => options.ExceptionMessages = value);
        audit.Enumeration<Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus>(nameof(options.HealthOnFailure), value => options.HealthOnFailure = value);
        JournalSection.Read(audit.Section(nameof(options.Journal)), options.Journal);
        DetectionSection.Read(audit.Section(nameof(options.Detection)), options.Detection);
        ResponseSection.Read(audit.Section(nameof(options.Response)), options.Response);
        AlertSection.Read(audit.Section(nameof(options.Alerts)), options.Alerts);
        audit.Section("Serilog"); // of Serilog's own reader
        audit.Section("Elasticsearch"); // of the package SecurityAudit.Elasticsearch
        audit.End();
        if (isLate)
        {
            faults.AddRange(Extensions.Sections.Where(section => configuration.GetSection(section).Exists())
                .Select(section => $"{section} was found when the services were built, expected before: call services.AddSecurityAudit(configuration)."));
        }

        Faults = faults;
    }
}
