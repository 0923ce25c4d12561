using System.Collections.Immutable;
using System.Globalization;

namespace SecurityAudit;

/// <summary>What of an alert is shown below its sentence, the same on each channel for people.</summary>
internal static class AlertFacts
{
    /// <summary>A message is not the place for all of a name that somebody chose.</summary>
    private const int LongestValue = 1000;

    public static ImmutableArray<KeyValuePair<string, string>> Of(AlertNotification alert, bool isTest) =>
    [
        .. Some("What to do", alert.Advice),
        .. Some("Severity", string.Create(CultureInfo.InvariantCulture, $"{alert.Severity}, risk {alert.RiskScore:0}")),
        .. Some("When", When(alert)),
        .. Some("How many", HowMany(alert)),
        .. alert.Subject.SelectMany(field => Some(field.Key, field.Value)),
        .. Some("Application", string.Join(", ", ((string?[])[alert.ServiceName, alert.ServiceEnvironment, alert.HostName]).OfType<string>())),
        .. Some("Technique", alert.Technique),
        .. Some("In Kibana", alert.Query),
        .. Some("In the journal", alert.Command),
        .. Some("Rule", alert.RuleDescription is null ? alert.RuleId : $"{alert.RuleId}: {alert.RuleDescription}"),
        .. Some("Alert", alert.Sequence is { } line
            ? string.Create(CultureInfo.InvariantCulture, $"{alert.Id}, line {line} of log {alert.LogId}")
            : isTest ? alert.Id : $"{alert.Id}, not in the journal: it could not be written"),
    ];

    public static ImmutableArray<KeyValuePair<string, string>> Of(AlertDigest digest) =>
    [
        .. digest.Rows.SelectMany(row => Some($"{row.Severity}: {row.RuleName}", string.Create(
            CultureInfo.InvariantCulture, $"{row.Raised} raised{(row.Updates > 0 ? $", {row.Updates} summaries and ends" : "")}"))),
        .. digest.Worst.SelectMany(alert => Some(string.Create(CultureInfo.InvariantCulture, $"{alert.Timestamp:u} {alert.RuleName}"), alert.Sentence)),
    ];

    private static ImmutableArray<KeyValuePair<string, string>> Some(string name, string? value) =>
        string.IsNullOrWhiteSpace(value) ? [] : [KeyValuePair.Create(name, value.Length <= LongestValue ? value : value[..LongestValue] + "…")];

    private static string? When(AlertNotification alert) => (alert.Start, alert.End) switch
    {
        ({ } start, { } end) when start != end => string.Create(CultureInfo.InvariantCulture, $"{start:u} to {end:u}"),
        ({ } start, _) => string.Create(CultureInfo.InvariantCulture, $"{start:u}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{alert.Timestamp:u}"),
    };

    private static string? HowMany(AlertNotification alert) => alert.Attempts == 0 ? null
        : string.Create(CultureInfo.InvariantCulture, $"{alert.Attempts} events{(alert.Distinct > 0 ? $", {alert.Distinct} different values" : "")}");
}
