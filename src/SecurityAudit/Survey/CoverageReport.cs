using System.Collections.Immutable;

namespace SecurityAudit.Survey;

/// <summary>What was found when the application was looked at.</summary>
/// <param name="Items">Every part, hooks first.</param>
/// <param name="NotApplicable">The hooks for which the application has no use.</param>
/// <param name="UnmatchedAcceptedGaps">The accepted gaps that are none.</param>
internal sealed record CoverageReport(ImmutableArray<CoverageItem> Items, ImmutableArray<string> NotApplicable, ImmutableArray<string> UnmatchedAcceptedGaps)
{
    public IReadOnlyList<CoverageItem> Of(CoverageState state) => [.. Items.Where(item => item.State == state)];
}
