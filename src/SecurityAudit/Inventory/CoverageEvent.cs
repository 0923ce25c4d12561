using System.Collections.Immutable;
using SecurityAudit.Fields;

namespace SecurityAudit.Inventory;

/// <summary>
/// A report as the event <c>audit_coverage</c>. An application may have thousands of endpoints, and an event has its limit: of what is
/// alike the first are named and the others counted, gaps with more room than the rest.
/// </summary>
internal static class CoverageEvent
{
    private const int MostOfAKind = 16;
    private const int MostGapsOfAKind = 32;
    private const int MostRemedies = 24;
    private const int MostInReason = 8;
    private const int LongestName = 120;

    public static SecurityEvent Of(SecurityAuditCoverage report)
    {
        var hooks = report.Items.Where(item => item.Kind == CoverageSurvey.Hook).ToList();
        ImmutableArray<string> captured = [.. hooks.Where(hook => hook.State != CoverageState.Missing).Select(hook => hook.Name)];
        ImmutableArray<string> missing = [.. hooks.Where(hook => hook.State == CoverageState.Missing).Select(hook => hook.Name)];
        var parts = report.Items.Where(item => item.Kind != CoverageSurvey.Hook).ToLookup(item => item.State);
        var missingParts = Names(parts[CoverageState.Missing], MostGapsOfAKind);
        var coverage = SecurityEvents.AuditCoverage()
            .With(EventFields.Captured, captured)
            .With(EventFields.Missing, missing)
            .With(EventFields.NotApplicable, report.NotApplicable)
            .With(EventFields.CoveredParts, Names(parts[CoverageState.Covered], MostOfAKind))
            .With(EventFields.PartialParts, Names(parts[CoverageState.Partial], MostGapsOfAKind))
            .With(EventFields.MissingParts, missingParts)
            .With(EventFields.Remedies, Remedies(report.Items));
        string[] gaps = [.. missing, .. missingParts];
        return gaps.Length == 0 ? coverage : coverage with
        {
            Outcome = EventOutcome.Failure,
            Severity = EventSeverity.High,
            Reason = "not covered: " + string.Join(", ", gaps.Take(MostInReason)) + (gaps.Length > MostInReason ? $" and {gaps.Length - MostInReason} more" : ""),
        };
    }

    private static ImmutableArray<string> Names(IEnumerable<CoverageItem> items, int most) =>
    [
        .. items.GroupBy(item => item.Kind, StringComparer.Ordinal).SelectMany(kind => kind.Count() <= most
            ? kind.Select(NameOf)
            : kind.Take(most - 1).Select(NameOf).Append($"{kind.Key}:… and {kind.Count() - most + 1} more")),
    ];

    /// <summary>Each thing to do once, with what it is for.</summary>
    private static ImmutableArray<string> Remedies(IEnumerable<CoverageItem> items) =>
    [
        .. items.Where(item => item.Remedy is not null).OrderByDescending(item => item.State).GroupBy(item => item.Remedy, StringComparer.Ordinal).Take(MostRemedies)
            .Select(alike => $"{NameOf(alike.First())}{(alike.Count() > 1 ? $" and {alike.Count() - 1} more" : "")}: {alike.Key}"),
    ];

    private static string NameOf(CoverageItem item) => item.ToString() is { Length: > LongestName } text ? text[..LongestName] + "…" : item.ToString();
}
