using System.Collections.Frozen;
using System.Collections.Immutable;
using SecurityAudit.Detection;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Responses;

/// <summary>Which alerts lead to what, by what their rules count.</summary>
internal sealed class ResponseRules
{
    public static readonly ImmutableArray<string> UsualBlocking =
        ["brute_force", "password_spraying", "credential_stuffing", "forged_request", "attack_tool", "honeytoken"];

    public static readonly ImmutableArray<string> UsualSessions = ["success_after_attack", "session_reuse", "impossible_travel"];

    /// <summary>What whoever types the name of an account can cause, without being its owner.</summary>
    private static readonly ImmutableArray<string> Attempts =
        ["authn_login_fail", "authn_login_fail_max", "authn_login_lock", "authn_mfa_fail", "authn_password_change_fail", "authn_credential_invalid"];

    private readonly FrozenDictionary<string, DetectionRule> _blocking;
    private readonly FrozenSet<string> _sessions;

    public ResponseRules(ResponseOptions options, IEnumerable<DetectionRule> rules)
    {
        var all = rules.ToList();
        _blocking = all.Where(rule => Named(options.BlockSource.Rules, UsualBlocking).Contains(rule.Id)).ToFrozenDictionary(rule => rule.Id, StringComparer.Ordinal);
        _sessions = all.Where(rule => Named(options.EndSessions.Rules, UsualSessions).Contains(rule.Id) && !CountsAttempts(rule))
            .Select(rule => rule.Id).ToFrozenSet(StringComparer.Ordinal);
    }

    public bool Blocks(AlertNotification alert) =>
        _blocking.TryGetValue(alert.RuleId, out var rule) && alert.Condition >= 1 && alert.Condition <= rule.When.Length && IsOfOneSource(rule.When[alert.Condition - 1]);

    public bool EndsSessions(AlertNotification alert) => _sessions.Contains(alert.RuleId);

    /// <summary>Have the events of an attack their address in common? Then it is the attacker's own, whatever names he types.</summary>
    public static bool IsOfOneSource(RuleCondition condition)
    {
        var source = EventFields.SourceIp.Name;
        return condition switch
        {
            ThresholdCondition threshold => threshold.GroupBy.Contains(source),
            SequenceCondition sequence => sequence.Steps[^1].Same.ContainsKey(source),
            NewValueCondition value => value.GroupBy.Contains(source),
            AbsenceCondition absence => absence.GroupBy.Contains(source),
            TravelCondition travel => travel.GroupBy.Contains(source),
            _ => false,
        };
    }

    /// <summary>Could an alert of this rule name an account only because somebody typed its name?</summary>
    public static bool CountsAttempts(DetectionRule rule) => rule.When.Any(condition => Found(condition).Alternatives.Any(IsAttempt));

    private static bool IsAttempt(ImmutableSortedDictionary<string, ImmutableArray<string>> fields) =>
        !fields.TryGetValue(JournalFields.Action.Name, out var actions)
        || actions.Any(action => action.EndsWith('*')
            ? Attempts.Any(attempt => attempt.StartsWith(action[..^1], StringComparison.Ordinal))
            : Attempts.Contains(action, StringComparer.Ordinal));

    /// <summary>The events of which an alert speaks.</summary>
    private static EventPattern Found(RuleCondition condition) => condition switch
    {
        ThresholdCondition threshold => threshold.Events,
        SequenceCondition sequence => sequence.Steps[^1].Events,
        NewValueCondition value => value.Events,
        AbsenceCondition absence => absence.Events,
        TravelCondition travel => travel.Events,
        _ => throw new InvalidOperationException($"No events of {condition.GetType().Name}."),
    };

    private static IList<string> Named(IList<string> given, ImmutableArray<string> usual) => given.Count > 0 ? given : usual;
}
