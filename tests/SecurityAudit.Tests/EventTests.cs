using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tests;

public sealed class EventTests
{
    /// <summary>The 57 names of the OWASP Logging Vocabulary Cheat Sheet with their levels.</summary>
    private const string Owasp =
        """
        authn_login_success INFO, authn_login_successafterfail INFO, authn_login_fail WARN, authn_login_fail_max WARN, authn_login_lock WARN,
        authn_password_change INFO, authn_password_change_fail CRITICAL, authn_impossible_travel CRITICAL, authn_token_created INFO,
        authn_token_revoked INFO, authn_token_reuse CRITICAL, authn_token_delete WARN, authz_fail CRITICAL, authz_change WARN, authz_admin WARN,
        crypt_decrypt_fail WARN, crypt_encrypt_fail WARN, excess_rate_limit_exceeded WARN, excess_sessions_exceeded WARN, upload_complete INFO,
        upload_stored INFO, upload_validation INFO, upload_delete INFO, input_validation_fail WARN, input_validation_discrete_fail WARN,
        malicious_excess_404 WARN, malicious_extraneous CRITICAL, malicious_attack_tool CRITICAL, malicious_sqli CRITICAL, malicious_cors CRITICAL,
        malicious_direct_reference CRITICAL, malicious_csrf WARN, malicious_csp_violation WARN, mcp_prompt_injection WARN,
        mcp_resource_exhaustion WARN, mcp_tool_poisoning WARN, privilege_permissions_changed WARN, sensitive_create WARN, sensitive_read WARN,
        sensitive_update WARN, sensitive_delete WARN, sequence_fail CRITICAL, session_created INFO, session_renewed INFO, session_expired INFO,
        session_logout INFO, session_use_after_expire CRITICAL, sys_startup WARN, sys_shutdown WARN, sys_restart WARN, sys_crash WARN,
        sys_monitor_disabled WARN, sys_monitor_enabled WARN, user_created WARN, user_updated WARN, user_archived WARN, user_deleted WARN
        """;

    /// <summary>Elastic Common Schema 8.17: the event types that each category allows.</summary>
    private static readonly Dictionary<string, string[]> AllowedTypes = new()
    {
        ["api"] = ["access", "admin", "allowed", "change", "creation", "deletion", "denied", "end", "info", "start", "user"],
        ["authentication"] = ["start", "end", "info"],
        ["configuration"] = ["access", "change", "creation", "deletion", "info"],
        ["file"] = ["access", "change", "creation", "deletion", "info"],
        ["iam"] = ["admin", "change", "creation", "deletion", "group", "info", "user"],
        ["intrusion_detection"] = ["allowed", "denied", "info"],
        ["process"] = ["access", "change", "end", "info", "start"],
        ["session"] = ["start", "end", "info"],
        ["web"] = ["access", "error", "info"],
    };

    internal static List<SecurityEvent> Catalogue() =>
        [.. typeof(SecurityEvents).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(factory => (SecurityEvent)factory.Invoke(null, [.. factory.GetParameters().Select(Argument)])!)];

    private static object? Argument(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) ? "some"
        : parameter.ParameterType == typeof(AuditUser) ? Some.User()
        : parameter.ParameterType == typeof(int) ? 3
        : parameter.ParameterType == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch
        : parameter.ParameterType == typeof(bool) ? true
        : parameter.ParameterType == typeof(EventOutcome) ? EventOutcome.Success
        : parameter.ParameterType == typeof(ImmutableArray<string>) ? ImmutableArray.Create("some")
        : throw new NotSupportedException(parameter.ParameterType.Name);

    [Fact]
    public void TheCatalogueHasTheWholeOwaspVocabularyWithItsLevels()
    {
        var expected = Owasp.Split(',', StringSplitOptions.TrimEntries);

        var actual = Catalogue().Where(e => e.OwaspLevel is not null).Select(e => $"{e.Action} {e.OwaspLevel}");

        Assert.Equal(57, expected.Length);
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EachTypeOfAnEventIsOneThatEachOfItsCategoriesExpects()
    {
        Assert.All(Catalogue(), e =>
        {
            Assert.NotEmpty(e.Types);
            Assert.All(e.Categories, category => Assert.Subset(AllowedTypes[category].ToHashSet(), e.Types.ToHashSet()));
        });
    }

    [Fact]
    public async Task EachEventAnswersWhoWhatWhenFromWhereAndWhy()
    {
        await using var app = await RecordedApp.Start(web =>
        {
            web.Use((context, next) =>
            {
                context.User = Some.Principal("ann", "clerk");
                return next(context);
            });
            web.MapGet("/approve", (ISecurityAudit audit) => audit.Record(SecurityEvents.UserDeleted(Some.User("bob")) with { Reason = "asked for it" }));
        },
        build: builder => builder.Logging.AddEventSourceLogger()); // hosting makes no Activity where nobody listens
        using var activity = new Activity("test").Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/approve?secret=1");
        request.Headers.Add("User-Agent", "probe/1.0");

        await app.Client.SendAsync(request);

        var e = await app.Event("user_deleted");
        Assert.Equal("ann", e.Text("user.name"));
        Assert.Equal(["clerk"], e.Texts("user.roles"));
        Assert.Equal("bob", e.Text("user.target.name"));
        Assert.Equal(["iam"], e.Texts("event.category"));
        Assert.Equal(["user", "deletion"], e.Texts("event.type"));
        Assert.Equal("success", e.Text("event.outcome"));
        Assert.Equal("asked for it", e.Text("event.reason"));
        Assert.Equal("127.0.0.1", e.Text("source.ip"));
        Assert.Equal("probe/1.0", e.Text("user_agent.original"));
        Assert.Equal("GET", e.Text("http.request.method"));
        Assert.Equal("/approve", e.Text("url.path"));
        Assert.Equal(activity.TraceId.ToHexString(), e.Text("trace.id"));
        Assert.Equal(["ann", "id-ann", "bob", "id-bob"], e.Texts("related.user"));
        Assert.Equal(["127.0.0.1"], e.Texts("related.ip"));
        Assert.Equal("8.17.0", e.Text("ecs.version"));
        Assert.Equal("security-audit", e.Text("event.provider"));
        Assert.Equal("event", e.Text("event.kind"));
        Assert.Equal(Environment.MachineName, e.Text("host.name"));
        Assert.Equal(File.Exists("/etc/machine-id") ? File.ReadAllText("/etc/machine-id").Trim() : null, e.Text("host.id"));
        Assert.Equal(("securityaudit", "securityaudit.events"), (e.Text("event.module"), e.Text("event.dataset")));
        Assert.Equal(("SecurityAudit", "audit"), (e.Text("observer.product"), e.Text("observer.type")));
        Assert.NotNull(e.Text("observer.version"));
        Assert.Equal("ann deleted the account bob: asked for it.", e.Text("message"));
        Assert.Equal(7, Guid.Parse(e.Text("event.id")!).Version);
        var when = DateTimeOffset.Parse(e.Text("@timestamp")!, CultureInfo.InvariantCulture);
        Assert.Equal(TimeSpan.Zero, when.Offset);
        Assert.InRange(DateTimeOffset.UtcNow - when, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1));
    }
}
