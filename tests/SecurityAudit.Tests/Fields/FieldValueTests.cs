using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Fields;

namespace SecurityAudit.Tests.Fields;

public sealed class FieldValueTests
{
    public static TheoryData<string, object> Misfits => new()
    {
        { "file.size", "large" }, { "source.port", 80.5 }, { "source.ip", "somewhere" }, { "source.ip", "1" }, { "event.duration", new[] { "5" } },
        { "security_audit.authn.mfa", "yes" }, { "rule.name", new[] { "a", "b" } }, { "event.start", "yesterday" }, { "user.roles", 5 }, { "event.risk_score", "high" },
    };

    [Theory, MemberData(nameof(Misfits))]
    public async Task AValueThatItsFieldsTypeDoesNotTakeIsRecordedBesideTheFields(string name, object value)
    {
        await using var app = await RecordedApp.Start(_ => { });

        await app.Audit.RecordAsync(Some.Event().With(name, value));

        var e = await app.Event("invoice_approved");
        Assert.Null(e.Text(name));
        Assert.NotNull(e.Attribute("field:" + name));
    }

    [Fact]
    public async Task AValueThatCanBeMadeToFitIsMadeToFit()
    {
        await using var app = await RecordedApp.Start(_ => { });

        await app.Audit.RecordAsync(Some.Event().With("error.code", 404).With("tags", "vip").With("related.ip", new List<string> { "192.0.2.1" })
            .With("client.ip", IPAddress.Parse("::ffff:192.0.2.7")).With("event.start", DateTimeOffset.UnixEpoch).With("file.size", 5u).With("event.risk_score", 7));

        var e = await app.Event("invoice_approved");
        Assert.Equal(("404", "192.0.2.7", "1970-01-01T00:00:00.0000000Z"), (e.Text("error.code"), e.Text("client.ip"), e.Text("event.start")));
        Assert.Equal(["vip"], e.Texts("tags"));
        Assert.Equal(["192.0.2.1"], e.Texts("related.ip"));
        Assert.Equal((5, 7), (e.GetProperty("file.size").GetInt32(), e.GetProperty("event.risk_score").GetInt32()));
    }

    /// <summary>An engine refuses the whole event where a name is a value and has names below it.</summary>
    [Theory]
    [InlineData("user")]
    [InlineData("security_audit.change")]
    [InlineData("user.name.first")]
    [InlineData("event.action.detail")]
    [InlineData("security_audit.limit.soft")]
    [InlineData("ecs.version")]
    public async Task NoFieldStandsAboveOrBelowAnother(string name)
    {
        await using var app = await RecordedApp.Start(_ => { });

        await app.Audit.RecordAsync(Some.Event().With(name, "x"));

        Assert.Equal("x", (await app.Event("invoice_approved")).Attribute("field:" + name));
    }

    [Fact]
    public async Task WhatAnEventSaysOfItsServiceWinsOverWhatTheHostSays()
    {
        await using var app = await RecordedApp.Start(_ => { });

        await app.Audit.RecordAsync(Some.Event().With("service.name", "billing").With("host.name", "elsewhere"));

        var e = await app.Event("invoice_approved");
        Assert.Equal(("billing", "elsewhere"), (e.Text("service.name"), e.Text("host.name")));
    }

    [Fact]
    public async Task AnAddressIsRecordedWithoutTheInterfaceThatItCameBy()
    {
        await using var app = await RecordedApp.Start(web => web.MapGet("/", (HttpContext context, ISecurityAudit audit) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse("fe80::1%3");
            audit.Record(Some.Event());
        }));

        await app.Client.GetAsync("/");

        Assert.Equal("fe80::1", (await app.Event("invoice_approved")).Text("source.ip"));
    }

    [Theory]
    [InlineData("""{"security_audit.novelty":"x"}""")]
    [InlineData("""{"user.nick":"x"}""")]
    [InlineData("""{"source.port":"80"}""")]
    [InlineData("""{"event.category":"web"}""")]
    [InlineData("""{"source.ip":"somewhere"}""")]
    public void ATestThatReadsALineWithAFieldThatIsNotListedOrOfAnotherTypeFails(string line) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => ListedFields.Checked(JsonDocument.Parse(line).RootElement));

    [Fact]
    public void ANullOfAnyTypeAddsNoField()
    {
        var e = Some.Event().With(EventFields.Limit, 5).With(EventFields.RuleName, null).With(EventFields.AuthnMfa, (bool?)null);

        Assert.Equal([("security_audit.limit", 5)], e.Fields.Select(field => (field.Key, field.Value)));
    }
}
