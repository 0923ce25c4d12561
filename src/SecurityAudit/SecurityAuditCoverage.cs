using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Survey;

namespace SecurityAudit;

/// <summary>
/// What of an application is recorded and what is not, part by part: what the event <c>audit_coverage</c> says at the start. A test of the
/// application that holds <see cref="Missing"/> against nothing fails when somebody adds a gap.
/// </summary>
/// <remarks>Immutable: what was found when it was looked at.</remarks>
public sealed class SecurityAuditCoverage
{
    private readonly CoverageReport _report;

    private SecurityAuditCoverage(CoverageReport report) => _report = report;

    /// <summary>Every part, hooks first.</summary>
    public ImmutableArray<CoverageItem> Items => _report.Items;

    /// <summary>The hooks for which the application has no use: those of requests in a worker, say.</summary>
    public ImmutableArray<string> NotApplicable => _report.NotApplicable;

    /// <summary>What is recorded.</summary>
    public IReadOnlyList<CoverageItem> Covered => _report.Of(CoverageState.Covered);

    /// <summary>What is recorded in part.</summary>
    public IReadOnlyList<CoverageItem> Partial => _report.Of(CoverageState.Partial);

    /// <summary>What is not recorded.</summary>
    public IReadOnlyList<CoverageItem> Missing => _report.Of(CoverageState.Missing);

    /// <summary>What is not recorded, or not whole, and accepted by the owner: no gap of <see cref="Missing"/> or <see cref="Partial"/>.</summary>
    public IReadOnlyList<CoverageItem> Accepted => _report.Of(CoverageState.Accepted);

    /// <summary>
    /// The names in <see cref="SecurityAuditOptions.AcceptedGaps"/> that are no gap of the application: mistyped, or closed since.
    /// </summary>
    public ImmutableArray<string> UnmatchedAcceptedGaps => _report.UnmatchedAcceptedGaps;

    /// <summary>Looks at an application that has started: endpoints and addresses are known then. Safe for any thread.</summary>
    /// <param name="services">The application's services, e.g. <c>factory.Services</c>.</param>
    /// <exception cref="InvalidOperationException">The application has no <c>AddSecurityAudit</c>.</exception>
    public static async Task<SecurityAuditCoverage> OfAsync(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var survey = services.GetService<CoverageSurvey>()
            ?? throw new InvalidOperationException("These services have no SecurityAudit, expected those of an application that called AddSecurityAudit and runs.");
        return new SecurityAuditCoverage(await survey.LookAsync());
    }

    /// <summary>One line a part that is not wholly recorded, with what closes the gap or why it is accepted.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var item in Items.Where(item => item.State != CoverageState.Covered))
        {
            text.Append(item.State).Append(' ').Append(item).Append(item.Reason is null ? ". " : ": ").Append(item.Reason ?? item.Remedy).AppendLine();
        }

        foreach (var name in UnmatchedAcceptedGaps)
        {
            text.Append("Accepted, and no gap of the application: ").Append(name).Append('.').AppendLine();
        }

        return text.Length == 0 ? $"All of {Items.Length} parts are covered." : text.ToString();
    }
}
