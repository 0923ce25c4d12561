using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Hosting;

/// <summary>Every fault of the section in one message: what was found, what was expected, where.</summary>
internal sealed class OptionsValidator(IConfiguration? configuration) : IValidateOptions<SecurityAuditOptions>
{
    public const string Section = "SecurityAudit";

    private static readonly string[] Keys =
        ["Journal", "Detection", "Serilog", "Elasticsearch", nameof(SecurityAuditOptions.ServiceName), nameof(SecurityAuditOptions.ServiceVersion),
         nameof(SecurityAuditOptions.MaxValueLength), nameof(SecurityAuditOptions.SensitiveNames), nameof(SecurityAuditOptions.ExceptionMessages),
         nameof(SecurityAuditOptions.HealthOnFailure)];

    private static readonly string[] JournalKeys =
        [.. typeof(JournalSettings).GetProperties().Select(property => property.Name)];

    public ValidateOptionsResult Validate(string? name, SecurityAuditOptions options)
    {
        var faults = new List<string>();
        var journal = options.Journal;
        Unknown(faults, Section, Keys);
        Unknown(faults, Section + ":Journal", JournalKeys);
        Range(faults, "MaxValueLength", options.MaxValueLength, 64, 8192);
        if (!Enum.IsDefined(options.ExceptionMessages))
        {
            faults.Add($"SecurityAudit:ExceptionMessages is {options.ExceptionMessages}, expected Constant, Masked or Whole.");
        }

        foreach (var sensitive in options.SensitiveNames.Where(given => given is null || !given.Any(char.IsLetterOrDigit)))
        {
            faults.Add($"SecurityAudit:SensitiveNames holds '{sensitive}', expected a name with a letter or a digit.");
        }

        if (journal.Directory is { } directory && string.IsNullOrWhiteSpace(directory))
        {
            faults.Add("SecurityAudit:Journal:Directory is empty, expected a path (a relative one starts at the content root) or no such key.");
        }

        if (!Enum.IsDefined(options.HealthOnFailure))
        {
            faults.Add($"SecurityAudit:HealthOnFailure is {options.HealthOnFailure}, expected Unhealthy, Degraded or Healthy.");
        }

        if (!Enum.IsDefined(journal.FailureMode))
        {
            faults.Add($"SecurityAudit:Journal:FailureMode is {journal.FailureMode}, expected Continue or Refuse.");
        }

        Range(faults, "Journal:MaxSegmentBytes", journal.MaxSegmentBytes, 64 * 1024, 4L * 1024 * 1024 * 1024);
        Range(faults, "Journal:BufferBytes", journal.BufferBytes, 256 * 1024, 1024 * 1024 * 1024);
        Range(faults, "Journal:MaxSegmentAge", journal.MaxSegmentAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(366));
        Range(faults, "Journal:WaitTimeout", journal.WaitTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
        if (journal.Retention is { } retention)
        {
            Range(faults, "Journal:Retention", retention, TimeSpan.FromHours(1), TimeSpan.FromDays(36_600));
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(string.Join(Environment.NewLine, faults));
    }

    private void Unknown(List<string> faults, string section, string[] keys)
    {
        foreach (var child in configuration?.GetSection(section).GetChildren() ?? [])
        {
            if (!keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                faults.Add($"{child.Path} is not an option, expected one of {string.Join(", ", keys)}.");
            }
        }
    }

    private static void Range<T>(List<string> faults, string name, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            faults.Add($"{Section}:{name} is {value}, expected {least} to {most}.");
        }
    }
}
