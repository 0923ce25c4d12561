using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Tests.Redaction;

public sealed class RedactionTests
{
    private static void Nothing(WebApplication app) => app.MapGet("/", (HttpContext context, ISecurityAudit audit) =>
        audit.Record(SecurityEvents.AuthnLoginFail(new AuditUser("1", context.Request.Query["name"]), "wrong password")));

    [Theory]
    [InlineData("password", "hunter2")]
    [InlineData("Api-Key", "hunter2")]
    [InlineData("client_secret", "hunter2")]
    [InlineData("note", "Authorization: Bearer hunter2hunter2")]
    [InlineData("note", "Server=db;User Id=sa;Password=hunter2;Encrypt=true")]
    [InlineData("note", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.hunter2")]
    [InlineData("note", "postgres://sa:hunter2@db/shop")]
    [InlineData("note", "-----BEGIN EC PRIVATE KEY-----\nhunter2\n-----END EC PRIVATE KEY-----")]
    [InlineData("note", "{\"api_key\": \"hunter2\"}")]
    public async Task ASecretInAnAttributeIsNeverRecorded(string name, string value)
    {
        await using var app = await RecordedApp.Start(Nothing);

        await app.Audit.RecordAsync(Some.Event("checked").WithAttribute(name, value) with { Reason = $"{name}={value}", Message = value });

        var recorded = await app.Event("checked");
        Assert.DoesNotContain("hunter2", (recorded.Attribute(name) ?? "") + (name == "note" ? recorded.Text("message") : ""), StringComparison.Ordinal);
        Assert.Contains("[redacted]", recorded.Attribute(name)!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann\n{\"event.action\":\"forged\"}", "ann\\u000A{\"event.action\":\"forged\"}")]
    [InlineData("ann\u202Enna", "ann\\u202Enna")]
    [InlineData("ann\u200B\u001B[31m", "ann\\u200B\\u001B[31m")]
    [InlineData("Ännchen 🐙", "Ännchen 🐙")]
    public async Task AHostileNameIsMadeVisible(string name, string recorded)
    {
        await using var app = await RecordedApp.Start(Nothing);

        await app.Audit.RecordAsync(SecurityEvents.AuthnLoginFail(new AuditUser("1", name), "wrong password"));

        Assert.Equal(recorded, (await app.Event("authn_login_fail")).Text("user.name"));
    }

    [Fact]
    public async Task HalfACharacterDoesNotBreakTheLine()
    {
        await using var app = await RecordedApp.Start(Nothing);

        await app.Audit.RecordAsync(SecurityEvents.AuthnLoginFail(new AuditUser("1", "bad" + (char)0xD800), "wrong password"));

        Assert.Equal("bad\\uD800", (await app.Event("authn_login_fail")).Text("user.name"));
    }

    [Fact]
    public async Task ANameOfAMegabyteIsCutWithAVisibleMarker()
    {
        await using var app = await RecordedApp.Start(Nothing);

        await app.Audit.RecordAsync(SecurityEvents.AuthnLoginFail(new AuditUser("1", new string('x', 1 << 20)), "wrong password"));

        var name = (await app.Event("authn_login_fail")).Text("user.name")!;
        Assert.EndsWith("…[cut, 1048576 characters]", name, StringComparison.Ordinal);
        Assert.True(name.Length < 1100);
    }

    [Fact]
    public async Task TheNameOfNobodyIsRecordedOnlyAsItsKeyedHash()
    {
        await using var app = await RecordedApp.Start(Nothing);

        await app.Audit.RecordAsync(SecurityEvents.AuthnLoginFail(AuditUser.Claimed("hunter2!"), "unknown user"));
        await app.Audit.RecordAsync(SecurityEvents.AuthnLoginFail(AuditUser.Claimed("HUNTER2!"), "unknown user"));

        var failed = await app.Events("authn_login_fail");
        Assert.All(failed, e => Assert.DoesNotContain("hunter2", e.GetRawText(), StringComparison.OrdinalIgnoreCase));
        Assert.Single(failed.Select(e => e.Text("user.hash")).Distinct());
        Assert.Matches("^k[0-9a-f]{8}:[0-9a-f]{32}$", failed[0].Text("user.hash"));
    }

    [Fact]
    public async Task ARedactorThatThrowsDropsTheFieldNeverTheEventAndSaysSo()
    {
        await using var app = await RecordedApp.Start(Nothing, audit => audit.Configure(options =>
            options.Redact = (field, value) => field == "note" ? throw new InvalidOperationException("broken") : value));

        await app.Audit.RecordAsync(Some.Event("checked").WithAttribute("note", "hunter2").WithAttribute("other", "kept"));

        var recorded = await app.Event("checked");
        Assert.Equal("failed", recorded.Text("security_audit.redaction"));
        Assert.Null(recorded.Attribute("note"));
        Assert.Equal("kept", recorded.Attribute("other"));
    }

    [Fact]
    public async Task ARequestFullOfSecretsLeavesNoneOfThemInItsEvents()
    {
        await using var app = await RecordedApp.Start(web => web.MapPost("/pay", () => Results.StatusCode(403)).WithAudit("order.pay"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/pay?token=hunter2&card=4111111111111111") { Content = new StringContent("password=hunter2") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer hunter2hunter2");
        request.Headers.TryAddWithoutValidation("Cookie", "session=hunter2");
        request.Headers.TryAddWithoutValidation("X-Api-Key", "hunter2");
        request.Headers.TryAddWithoutValidation("Referer", "https://x/?token=hunter2");
        request.Headers.TryAddWithoutValidation("User-Agent", "curl/8 token=hunter2");

        await app.Client.SendAsync(request);

        await app.Event("order.pay");
        await app.Event("authz_fail");
        Assert.All(await app.Events(), e => Assert.DoesNotContain("hunter2", e.GetRawText(), StringComparison.Ordinal));
        Assert.All(await app.Events(), e => Assert.DoesNotContain("4111", e.GetRawText(), StringComparison.Ordinal));
    }
}
