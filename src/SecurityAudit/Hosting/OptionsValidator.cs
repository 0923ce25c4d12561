using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecurityAudit.Alerts;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Journal;
using SecurityAudit.Responses;
using SecurityAudit.Survey;

namespace SecurityAudit.Hosting;

/// <summary>
/// Every fault of the options in one message, whether configuration or code made it: what was found, what was expected, where.
/// </summary>
internal sealed class OptionsValidator(OptionsSection section, IHostEnvironment? host = null) : IValidateOptions<SecurityAuditOptions>
{
    public ValidateOptionsResult Validate(string? name, SecurityAuditOptions options)
    {
        List<string> faults = [.. section.Faults];
        if (options.MaxValueLength is < 64 or > 8192)
        {
            faults.Add($"{OptionsSection.Name}:MaxValueLength is {options.MaxValueLength}, expected 64 to 8192.");
        }

        if (!Enum.IsDefined(options.ExceptionMessages))
        {
            faults.Add($"{OptionsSection.Name}:ExceptionMessages is {options.ExceptionMessages}, expected Constant, Masked or Whole.");
        }

        foreach (var sensitive in options.SensitiveNames.Where(given => given is null || !given.Any(char.IsLetterOrDigit)))
        {
            faults.Add($"{OptionsSection.Name}:SensitiveNames holds '{sensitive}', expected a name with a letter or a digit.");
        }

        faults.AddRange(AcceptedGaps.Faults($"{OptionsSection.Name}:AcceptedGaps", options.AcceptedGaps));
        if (options.Journal.Directory is { } directory && string.IsNullOrWhiteSpace(directory))
        {
            faults.Add($"{OptionsSection.Name}:Journal:Directory is empty, expected a path (a relative one starts at the content root) or no such key.");
        }

        if (!Enum.IsDefined(options.HealthOnFailure))
        {
            faults.Add($"{OptionsSection.Name}:HealthOnFailure is {options.HealthOnFailure}, expected Unhealthy, Degraded or Healthy.");
        }

        var rules = RuleCatalogue.Of(options.Detection, host?.ContentRootPath ?? Directory.GetCurrentDirectory());
        faults.AddRange(rules.Faults);
        faults.AddRange(ResponseCheck.Faults(options, rules.Rules));
        faults.AddRange(AlertOptionsCheck.Faults(options.Alerts).Select(fault => $"{OptionsSection.Name}:Alerts:{fault}"));
        faults.AddRange(JournalOptionsCheck.Faults(options.Journal).Select(fault => $"{OptionsSection.Name}:Journal:{fault}"));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(string.Join(Environment.NewLine, faults));
    }
}
