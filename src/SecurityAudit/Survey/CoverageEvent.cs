using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Sentences;

namespace SecurityAudit.Survey;

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
    private const int MostAccepted = 48;
    private const int LongestName = 120;
    private const int LongestReason = 240;

    public static SecurityEvent Of(CoverageReport report, EventDestinations destinations)
    {
        var hooks = report.Items.Where(item => item.Kind == CoverageSurvey.Hook).ToList();
        ImmutableArray<string> captured = [.. hooks.Where(hook => hook.State != CoverageState.Missing).Select(hook => hook.Name)];
        ImmutableArray<string> missing = [.. hooks.Where(hook => hook.State == CoverageState.Missing).Select(hook => hook.Name)];
        var parts = report.Items.Where(item => item.Kind != CoverageSurvey.Hook).ToLookup(item => item.State);
        var missingParts = Names(parts[CoverageState.Missing], MostGapsOfAKind);
        var coverage = SecurityEvents.AuditCoverage()
            .With(CoverageFields.Captured, captured)
            .With(CoverageFields.Missing, missing)
            .With(CoverageFields.NotApplicable, report.NotApplicable)
            .With(CoverageFields.CoveredParts, Names(parts[CoverageState.Covered], MostOfAKind))
            .With(CoverageFields.PartialParts, Names(parts[CoverageState.Partial], MostGapsOfAKind))
            .With(CoverageFields.MissingParts, missingParts)
            .With(CoverageFields.Remedies, Remedies(report.Items))
            .With(CoverageFields.Retention, destinations.Retention)
            .With(CoverageFields.Sinks, destinations.Names);
        coverage = WithAccepted(coverage, report);
        string[] gaps = [.. missing, .. missingParts];
        return gaps.Length == 0 ? coverage : coverage with
        {
            Outcome = EventOutcome.Failure,
            Severity = EventSeverity.High,
            Reason = "not covered: " + Words.Some(gaps, MostInReason),
        };
    }

    private static SecurityEvent WithAccepted(SecurityEvent coverage, CoverageReport report)
    {
        if (report.Of(CoverageState.Accepted) is { Count: > 0 } accepted)
        {
            coverage = coverage.With(CoverageFields.AcceptedGaps, First(accepted.Select(item => $"{NameOf(item)}: {Cut(item.Reason!, LongestReason)}")));
        }

        return report.UnmatchedAcceptedGaps is { IsEmpty: false } unmatched
            ? coverage.With(CoverageFields.UnmatchedAcceptedGaps, First(unmatched.Select(name => Cut(name, LongestName)))) with { Severity = EventSeverity.Medium }
            : coverage;
    }

    private static ImmutableArray<string> First(IEnumerable<string> texts)
    {
        string[] all = [.. texts];
        return all.Length <= MostAccepted ? [.. all] : [.. all.Take(MostAccepted - 1), $"… and {all.Length - MostAccepted + 1} more"];
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
        .. items.Where(item => item is { Remedy: not null, State: not CoverageState.Accepted })
            .OrderByDescending(item => item.State).GroupBy(item => item.Remedy, StringComparer.Ordinal).Take(MostRemedies)
            .Select(alike => $"{Words.Some(alike.Select(NameOf), 1)}: {alike.Key}"),
    ];

    private static string NameOf(CoverageItem item) => Cut(item.ToString(), LongestName);

    private static string Cut(string text, int longest) => text.Length > longest ? text[..longest] + "…" : text;
}
