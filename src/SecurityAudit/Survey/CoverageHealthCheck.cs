using Microsoft.Extensions.Diagnostics.HealthChecks;
using SecurityAudit.Capture;
using SecurityAudit.Sentences;

namespace SecurityAudit.Survey;

/// <summary>Degraded, never more, while something of the application is not recorded or a hook failed a short while ago.</summary>
internal sealed class CoverageHealthCheck(CoverageSurvey survey, HookFailures failures) : IHealthCheck
{
    private const int MostNamed = 16;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        List<string> problems = [];
        if (survey.Latest?.Of(CoverageState.Missing) is { Count: > 0 } missing)
        {
            problems.Add($"Not covered: {Words.Some(missing.Select(gap => gap.ToString()), MostNamed)}; the event audit_coverage says what closes the gaps.");
        }

        if (failures.Recent is { Count: > 0 } failed)
        {
            problems.Add($"Failed within the last {HookFailures.Remembered.TotalMinutes} minutes: {string.Join(", ", failed)}; the application's log says with what.");
        }

        return Task.FromResult(problems.Count > 0 ? HealthCheckResult.Degraded(string.Join(' ', problems)) : HealthCheckResult.Healthy());
    }
}
