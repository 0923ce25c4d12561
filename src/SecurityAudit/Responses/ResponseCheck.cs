using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;

namespace SecurityAudit.Responses;

/// <summary>What is wrong with the options of responses: what was found, what was expected, where.</summary>
internal static class ResponseCheck
{
    private const string Section = "SecurityAudit:Response";

    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public static IEnumerable<string> Faults(SecurityAuditOptions options, IReadOnlyList<DetectionRule> rules)
    {
        var response = options.Response;
        foreach (var source in response.NeverBlock.Where(source => ExceptedEvents.TryParse(source) is null))
        {
            yield return $"{Section}:NeverBlock has '{source}', expected an address or a network such as 10.0.0.0/8.";
        }

        if (response.BlockSource.Duration < Shortest || response.BlockSource.Duration > Longest)
        {
            yield return $"{Section}:BlockSource:Duration is {response.BlockSource.Duration}, expected {Shortest} to {Longest}.";
        }

        if (response.BlockSource.StatusCode is not (429 or 403))
        {
            yield return $"{Section}:BlockSource:StatusCode is {response.BlockSource.StatusCode}, expected 429 or 403.";
        }

        if (!options.Detection.Enabled && (response.BlockSource.Enabled || response.EndSessions.Enabled))
        {
            yield return $"{Section} answers alerts, and SecurityAudit:Detection:Enabled is false, so there are none: expected true.";
        }

        foreach (var fault in OfRules($"{Section}:BlockSource:Rules", response.BlockSource.Rules, rules, rule => rule.When.Any(ResponseRules.IsOfOneSource)
            ? null
            : "whose events have no address in common: nobody could be blocked but by a name, which anybody can type; expected a rule that groups by source.ip"))
        {
            yield return fault;
        }

        foreach (var fault in OfRules($"{Section}:EndSessions:Rules", response.EndSessions.Rules, rules, rule => ResponseRules.CountsAttempts(rule)
            ? "which counts attempts: whoever types a name would sign its owner out; expected a rule about who is signed in"
            : null))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> OfRules(string where, IList<string> ids, IReadOnlyList<DetectionRule> rules, Func<DetectionRule, string?> wrong)
    {
        foreach (var id in ids)
        {
            var rule = rules.FirstOrDefault(rule => string.Equals(rule.Id, id, StringComparison.Ordinal));
            var fault = rule is null ? "which is no rule; expected one of " + string.Join(", ", rules.Select(known => known.Id))
                : !rule.Enabled ? "which is switched off and tells of no attack; expected a rule that is on"
                : wrong(rule);
            if (fault is not null)
            {
                yield return $"{where} has '{id}', {fault}.";
            }
        }
    }
}
