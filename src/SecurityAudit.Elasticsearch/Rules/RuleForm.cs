using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Fields;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>One condition of a rule, as it is put into the form of another system.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Number">Which of its conditions, from 1 on.</param>
/// <param name="Condition">The condition.</param>
internal sealed record RuleForm(DetectionRule Rule, int Number, RuleCondition Condition)
{
    private const string Prefix = "security-audit-";

    /// <summary>The same for ever: <c>security-audit-password-spraying</c>, of a second condition with its number.</summary>
    public string Id => Prefix + Rule.Id.Replace('_', '-') + (Number == 1 ? "" : $"-{Number}");

    public string Name => Number == 1 ? Rule.Name : $"{Rule.Name} ({Number})";

    /// <summary>Each condition is a form of its own: none of the other systems has rules of several.</summary>
    public static IEnumerable<RuleForm> Of(IEnumerable<DetectionRule> rules) =>
        rules.SelectMany(rule => rule.When.Select((condition, index) => new RuleForm(rule, index + 1, condition)));

    /// <summary>How often it is looked: a fifth of the time that events count, one minute at least and five at most.</summary>
    public static TimeSpan IntervalOf(TimeSpan within) => TimeSpan.FromMinutes(Math.Clamp(Math.Floor(within.TotalMinutes / 5), 1, 5));

    /// <summary>
    /// How far back each look reaches. Windows of other systems stand still between two looks: with the interval added, none of ours lies
    /// across two of theirs.
    /// </summary>
    public static TimeSpan ReachOf(TimeSpan within) => TimeSpan.FromMinutes(Math.Ceiling((within + IntervalOf(within)).TotalMinutes));

    /// <summary>What our engine does and such a rule cannot, so where the two differ.</summary>
    /// <param name="lists">The lists that rules name.</param>
    /// <param name="groups">Are events put into groups, so that one without a group's field is not looked at?</param>
    public IEnumerable<string> Differences(NamedLists lists, bool groups)
    {
        if (Condition is ThresholdCondition threshold)
        {
            if (threshold.Count > 1)
            {
                yield return $"Windows stand still between two looks, so events of up to {Text(ReachOf(threshold.Within))} count together "
                    + $"where SecurityAudit counts those of {Text(threshold.Within)}.";
                yield return "An event that says how many like it were left out beside it (security_audit.repeated) counts once.";
            }

            if (threshold.Distinct?.EachAtMost is { } most)
            {
                yield return $"Of one value of {threshold.Distinct.Field} all events count, not {most} at most: one account that is tried often, or a broken link, counts in full.";
            }

            if (threshold.TakenBackBy is { } pattern)
            {
                yield return $"Nothing takes back what was counted, where SecurityAudit does so on {KqlQuery.Of(pattern, lists)}: people who mistype and then sign in count.";
            }

            if (groups && threshold.GroupBy.Contains(EventFields.SourceIp.Name))
            {
                yield return "An IPv6 address counts by itself, not by its network of 64 bits, and events without an address are not looked at.";
            }
        }

        if (Rule.Exceptions is { Users.Length: > 0 })
        {
            yield return "Excepted accounts are compared in the case in which the rule names them.";
        }
    }

    public static string Text(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => $"{(int)time.TotalDays} days",
        { TotalHours: >= 2 } => $"{(int)time.TotalHours} hours" + (time.Minutes > 0 ? $" and {time.Minutes} minutes" : ""),
        { TotalMinutes: > 1 } => $"{(int)time.TotalMinutes} minutes",
        _ => "a minute",
    };
}
