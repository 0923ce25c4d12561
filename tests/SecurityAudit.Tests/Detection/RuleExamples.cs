using System.Net;
using SecurityAudit.Detection;
using SecurityAudit.Fields;
using static SecurityAudit.Tests.Detection.SomeAttempt;

namespace SecurityAudit.Tests.Detection;

/// <summary>For each rule events that it tells, once.</summary>
internal static class RuleExamples
{
    public static IReadOnlyDictionary<string, IReadOnlyList<SecurityEvent>> All { get; } = new SortedDictionary<string, IReadOnlyList<SecurityEvent>>(StringComparer.Ordinal)
    {
        ["brute_force"] = [.. Enumerable.Range(0, 10).Select(n => Failed("ada@shop.example", at: Noon.AddSeconds(n * 20)))],
        ["distributed_brute_force"] = [.. Enumerable.Range(0, 10).Select(n => Failed("ada@shop.example", $"192.0.2.{n}", Noon.AddMinutes(n)))],
        ["password_spraying"] = [.. Spray(5, 15, seconds: 60)],
        ["credential_stuffing"] = [.. Spray(25, 25, seconds: 30)],
        ["success_after_attack"] = [At(new SecurityEvent("alert_password_spraying", ["intrusion_detection"], ["info"])), Succeeded("ada@shop.example", at: Noon.AddMinutes(1))],
        ["lockout_storm"] = [.. Enumerable.Range(0, 3).Select(n => At(SecurityEvents.AuthnLoginLock(Some.User($"user-{n}"), "maxretries"), at: Noon.AddMinutes(n)))],
        ["forced_browsing"] = [.. Enumerable.Range(0, 20).Select(n => Denied($"/admin/{n}", at: Noon.AddSeconds(n)))],
        ["attack_tool"] = [At(SecurityEvents.MaliciousAttackTool("sqlmap") with { Message = "Somebody not signed in came with the attack tool sqlmap." })],
        ["forged_request"] = [.. Enumerable.Range(0, 5).Select(n => At(SecurityEvents.MaliciousCsrf("no token"), at: Noon.AddSeconds(n)))],
        ["rate_limit_storm"] = [At(SecurityEvents.ExcessRateLimitExceeded("login")).With(EventFields.Repeated, 119)],
        ["privilege_escalation"] =
        [
            By("ann@shop.example", SecurityEvents.AuthzChange(Some.User("ann@shop.example"), "role", [], ["Admin"])
                with { Message = "ann@shop.example gave ann@shop.example the role Admin." }).With(EventFields.ChangeOwn, true),
        ],
        ["mass_change"] = [.. Enumerable.Range(0, 20).Select(n => By("ann@shop.example", SecurityEvents.UserDeleted(Some.User($"user-{n}")), at: Noon.AddSeconds(n)))],
        ["session_reuse"] =
        [
            By("ann@shop.example", SecurityEvents.SessionSourceChanged("address and program", ["192.0.2.1"], [Attacker])).With(EventFields.SessionId, "k1:session"),
        ],
        ["impossible_travel"] = [Succeeded("ann@shop.example", "192.0.2.1"), Succeeded("ann@shop.example", "198.51.100.1", Noon.AddHours(1))],
        ["dormant_account"] = [Succeeded("ann@shop.example"), Succeeded("ann@shop.example", at: Noon.AddDays(100))],
        ["new_source_for_administrator"] = [Succeeded("ann@shop.example", "192.0.2.1", Noon, "Admin"), Succeeded("ann@shop.example", Attacker, Noon.AddDays(1), "Admin")],
        ["honeytoken"] = [Failed("svc-backup") with { Message = "svc-backup failed to sign in: wrong password." }],
        ["audit_health"] =
        [
            At(SecurityEvents.AuditHookFailed("identity", 1, "X") with { Message = "The hook identity failed once, at last with X: what it saw is not recorded." }, source: null),
        ],
    };

    /// <summary>Amsterdam, and for 198.51.100.x Auckland.</summary>
    internal sealed class Map : ILocationResolver
    {
        public (double Latitude, double Longitude)? Locate(IPAddress address) => address.ToString() switch
        {
            ['1', '9', '2', ..] => (52.37, 4.90),
            ['1', '9', '8', ..] => (-36.85, 174.76),
            _ => null,
        };
    }
}
