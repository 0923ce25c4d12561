using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SecurityAudit.Alerts;
using SecurityAudit.Configuration;
using SecurityAudit.Detection;
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
        ReadJournal(audit.Section(nameof(options.Journal)), options.Journal);
        var detection = audit.Section(nameof(options.Detection));
        detection.Value<bool>(nameof(options.Detection.Enabled), value => options.Detection.Enabled = value);
        detection.Text(nameof(options.Detection.RuleDirectory), value => options.Detection.RuleDirectory = value);
        detection.Texts(nameof(options.Detection.AdministratorRoles), options.Detection.AdministratorRoles);
        detection.Texts(nameof(options.Detection.Honeytokens), options.Detection.Honeytokens);
        ReadExceptions(detection.Section(nameof(options.Detection.Exceptions)), options.Detection);
        detection.Nodes(nameof(options.Detection.Rules), options.Detection.RuleSections);
        detection.End();
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

    private static void ReadExceptions(SectionReader section, DetectionSettings detection)
    {
        List<string> sources = [], users = [], agents = [];
        section.Texts(nameof(RuleExceptions.Sources), sources);
        section.Texts(nameof(RuleExceptions.Users), users);
        section.Texts(nameof(RuleExceptions.Agents), agents);
        section.End();
        if (sources.Count + users.Count + agents.Count > 0)
        {
            detection.Exceptions = new RuleExceptions { Sources = [.. sources], Users = [.. users], Agents = [.. agents] };
        }
    }

    private static void ReadJournal(SectionReader section, AuditJournalOptions journal)
    {
        section.Text(nameof(journal.Directory), value => journal.Directory = value);
        section.Text(nameof(journal.AnchorDirectory), value => journal.AnchorDirectory = value);
        section.Enumeration<Journal.JournalFailureMode>(nameof(journal.FailureMode), value => journal.FailureMode = value);
        section.Value<long>(nameof(journal.MaxSegmentBytes), value => journal.MaxSegmentBytes = value);
        section.Value<TimeSpan>(nameof(journal.MaxSegmentAge), value => journal.MaxSegmentAge = value);
        section.Value<TimeSpan>(nameof(journal.WaitTimeout), value => journal.WaitTimeout = value);
        section.Value<int>(nameof(journal.BufferBytes), value => journal.BufferBytes = value);
        section.Value<TimeSpan>(nameof(journal.FlushInterval), value => journal.FlushInterval = value);
        section.Value<TimeSpan>(nameof(journal.CheckpointInterval), value => journal.CheckpointInterval = value);
        section.Value<TimeSpan>(nameof(journal.HeartbeatInterval), value => journal.HeartbeatInterval = value);
        section.Value<bool>(nameof(journal.PruneUnsettled), value => journal.PruneUnsettled = value);
        section.Text(nameof(journal.Origin), value => journal.Origin = value);
        section.Value<TimeSpan>(nameof(journal.Retention), value => journal.Retention = value);
        section.Value<long>(nameof(journal.WarnFreeBytes), value => journal.WarnFreeBytes = value);
        section.Value<long>(nameof(journal.CriticalFreeBytes), value => journal.CriticalFreeBytes = value);
        section.Value<long>(nameof(journal.ReserveBytes), value => journal.ReserveBytes = value);
        section.Value<bool>(nameof(journal.AllowNetworkFileSystem), value => journal.AllowNetworkFileSystem = value);
        section.End();
    }
}
