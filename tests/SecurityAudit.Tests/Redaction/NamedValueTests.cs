using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Redaction;

namespace SecurityAudit.Tests.Redaction;

public sealed class NamedValueTests
{
    private static Task<RecordedApp> Start() => RecordedApp.Start(
        web => web.MapGet("/{action}", (string action, string otp) => action).WithAudit("order.pay", "action", "otp"),
        audit => audit.Configure(options =>
        {
            options.SensitiveNames.Add("Steuernummer");
            options.SensitiveNames.Add("пароль");
        }));

    [Theory]
    [InlineData("passphrase")]
    [InlineData("otp")]
    [InlineData("connectionString")]
    [InlineData("credit_card")]
    [InlineData("PIN")]
    [InlineData("sig")]
    [InlineData("steuer-nummer")]
    [InlineData("Пароль")]
    [InlineData("http://schemas.example/claims/passphrase")]
    public async Task OneRuleMasksEveryValueThatHasASensitiveName(string name)
    {
        await using var app = await Start();
        var claim = ImmutableArray.Create($"{name}=hunter2=hunter2", "colour=red");

        app.Audit.Record(SecurityEvents.AuthzChange(Some.User(), "claim", claim, claim));
        app.Audit.Record(SecurityEvents.AuthzChange(null, "role_claim", claim, claim));
        app.Audit.Record(SecurityEvents.UserUpdated(Some.User(), name, ["hunter2"], ["hunter2"]));
        app.Audit.Record(Some.Event().WithAttribute(name, "hunter2").With("shop." + name, "hunter2").With(name, "hunter2"));
        app.Audit.Record(Some.Event().With("security_audit.change.after", new[] { $"{name}=hunter2" }));
        app.Audit.Record(Some.Event() with { Reason = $"it was {name}=hunter2 and more", Message = $"{name}: hunter2" });
        await app.Audit.RecordAsync(Some.Event("last"));

        Assert.All(await app.Events(), e => Assert.DoesNotContain("hunter2", e.GetRawText(), StringComparison.Ordinal));
        Assert.Equal([$"{name}=[redacted]", "colour=red"], (await app.Events("authz_change"))[0].Texts("security_audit.change.after"));
    }

    [Fact]
    public async Task ANamedArgumentIsMaskedByItsName()
    {
        await using var app = await Start();

        await app.Client.GetAsync("/buy?otp=hunter2");

        var paid = await app.Event("order.pay");
        Assert.Equal(("buy", "[redacted]"), (paid.Attribute("action"), paid.Attribute("otp")));
    }

    [Fact]
    public async Task AnAddressIsMaskedWhereTheOwnerNamedIt()
    {
        await using var app = await RecordedApp.Start(_ => { }, audit => audit.Configure(options => options.SensitiveNames.Add("email")));

        await app.Audit.RecordAsync(SecurityEvents.UserEmailChanged(Some.User() with { Email = "b@x.example" }, ["a@x.example"], ["b@x.example"]));

        Assert.DoesNotContain("@x.example", (await app.Event("user_email_changed")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAnObjectOnlyTheTypeIsRecorded()
    {
        await using var app = await Start();

        await app.Audit.RecordAsync(Some.Event().With("shop.login", new Login("ann", "hunter2")));

        Assert.Equal("(Login)", (await app.Event("invoice_approved")).Text("shop.login"));
    }

    [Theory]
    [InlineData("Password=a hunter2;Encrypt=true", "Password=[redacted];Encrypt=true")]
    [InlineData("passphrase=a hunter2", "passphrase=[redacted]")]
    [InlineData("Cookie: .AspNetCore=hunter2; b=hunter2", "Cookie: [redacted]")]
    [InlineData("Pwd={a;hunter2};x=1", "Pwd=[redacted];x=1")]
    [InlineData("password='it's hunter2';x=1", "password=[redacted];x=1")]
    [InlineData("{\"otp\": \"a \\\" hunter2\", \"user\": \"ann\"}", "{\"otp\": [redacted], \"user\": \"ann\"}")]
    [InlineData("the connection string: Server=hunter2", "the connection string: [redacted]")]
    [InlineData("postgres://sa:p@hunter2@db/shop", "postgres://[redacted]@db/shop")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9hunter2", "[redacted]")]
    [InlineData("colour=red; size: big", "colour=red; size: big")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101", "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101")]
    public void InATextWhatIsAssignedToASensitiveNameIsMaskedToItsEnd(string text, string masked) =>
        Assert.Equal(masked, SecretPatterns.Remove(text, SensitiveNames.Usual));

    private sealed record Login(string Name, string Password);
}
