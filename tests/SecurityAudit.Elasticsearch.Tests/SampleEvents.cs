using System.Collections.Immutable;
using SecurityAudit.Fields;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>A night's worth of events, recorded through the real write path: something for every panel.</summary>
internal static class SampleEvents
{
    private static readonly AuditUser Alice = new("1", "alice") { Roles = ["Admin"] };
    private static readonly AuditUser Bob = new("2", "bob");

    public static async Task RecordAsync(ISecurityAudit audit)
    {
        foreach (var sample in All())
        {
            audit.Record(sample);
        }

        await audit.RecordAsync(SecurityEvents.SysMonitorDisabled("detection") with { User = Alice });
    }

    private static IEnumerable<SecurityEvent> All()
    {
        for (var i = 0; i < 5; i++)
        {
            yield return From(SecurityEvents.AuthnLoginFail(Bob, "wrong password"), $"198.51.100.{i + 1}").With("source.geo.country_iso_code", "NL")
                .With("security_audit.authn.scheme", "Identity.Application");
            yield return From(SecurityEvents.AuthnLoginFail(AuditUser.Claimed("hunter2"), "no such user"), "198.51.100.9");
        }

        yield return From(SecurityEvents.AuthnLoginSuccess(Alice), "192.0.2.1").With("security_audit.authn.scheme", "Identity.Application");
        yield return From(SecurityEvents.AuthnLoginSuccessAfterFail(Bob, 5), "198.51.100.1");
        yield return From(SecurityEvents.AuthnLoginLock(Bob, "maxretries"), "198.51.100.1");
        yield return From(SecurityEvents.AuthnMfaChallenge(Alice), "192.0.2.1");
        yield return From(SecurityEvents.AuthnMfaFail(Alice), "192.0.2.1");
        yield return From(SecurityEvents.SessionCreated(Alice), "192.0.2.1");
        yield return From(SecurityEvents.SessionLogout(Alice), "192.0.2.1");
        yield return From(SecurityEvents.AuthzFail("Administrators", "role Admin") with { User = Bob }, "198.51.100.1");
        yield return From(SecurityEvents.AuthzChange(Bob, "role", ["User"], ["User", "Admin"]) with { User = Alice }, "192.0.2.1");
        yield return From(SecurityEvents.UserCreated(new AuditUser("3", "carol")) with { User = Alice }, "192.0.2.1");
        yield return From(SecurityEvents.MaliciousCsrf("no token"), "203.0.113.5");
        yield return From(SecurityEvents.MaliciousAttackTool("sqlmap"), "203.0.113.5");
        yield return From(SecurityEvents.ExcessRateLimitExceeded("login"), "203.0.113.5");
        yield return From(SecurityEvents.AppException("System.InvalidOperationException", handled: false), "192.0.2.1").With("security_audit.error.stack_hash", "1f0c");
        yield return SecurityEvents.AuditCoverage().With("security_audit.coverage.missing", ImmutableArray.Create("sign-ins"));
        yield return new SecurityEvent("audit_gap", ["configuration"], ["info"]) { Reason = "the disk was full" };
        yield return From(SecurityEvents.AuthnCredentialInvalid("Identity.Bearer", "altered"), "203.0.113.5");
        yield return RaisedAlert();
    }

    private static SecurityEvent RaisedAlert() => new SecurityEvent("alert_password_spraying", ["intrusion_detection", "authentication"], ["info"])
    {
        Kind = "alert",
        Outcome = EventOutcome.Unknown,
        Severity = EventSeverity.High,
        Message = "Somebody at 198.51.100.1 is trying common passwords on many accounts.",
    }
    .With("source.ip", "198.51.100.1").With(EventFields.RuleId, "password_spraying").With(EventFields.RuleName, "Password spraying")
    .With(AlertFields.TechniqueName, ["Brute Force"]).With(AlertFields.Stage, "raised")
    .With(AlertFields.Id, "a1").With(AlertFields.Advice, "Block the address.").With(AlertFields.Attempts, 5).With(AlertFields.Distinct, 5);

    private static SecurityEvent From(SecurityEvent sample, string address) => sample
        .With("source.ip", address).With("related.ip", ImmutableArray.Create(address)).With("user_agent.original", "curl/8.5")
        .With("url.path", "/account/login").With("http.request.method", "POST").With("http.response.status_code", 200);
}
