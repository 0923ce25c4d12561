using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Tests.Recording;

public sealed class AlwaysFitsTests
{
    private static Task<RecordedApp> Start(int maxValueLength = 1024) => RecordedApp.Start(
        web => web.Run(context => { context.Response.StatusCode = 403; return Task.CompletedTask; }),
        audit => audit.Configure(options => options.MaxValueLength = maxValueLength));

    [Fact]
    public async Task APathAndAnAgentThatAreTooLongTogetherAreCutAndTheEventSaysSo()
    {
        await using var app = await Start(maxValueLength: 8192);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/" + string.Concat(Enumerable.Repeat("%01", 2600)));
        request.Headers.TryAddWithoutValidation("User-Agent", new string('"', 20_000));

        await app.Client.SendAsync(request);

        Assert.StartsWith("/\\u0001\\u0001", (await app.Event("authz_fail")).Text("url.path"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEventOfManyLongValuesKeepsAllOfThemCut()
    {
        await using var app = await Start(maxValueLength: 8192);
        var huge = Some.Event("checked").With("shop.list", Enumerable.Repeat(new string('\u4E2D', 300), 200));
        for (var i = 0; i < 60; i++)
        {
            huge = huge.WithAttribute($"a{i}", new string(i % 2 == 0 ? '\u4E2D' : '"', 5000)).With($"shop.f{i}", new string('\\', 8000));
        }

        await app.Audit.RecordAsync(huge);

        var recorded = await app.Event("checked");
        Assert.Contains("shop.f0", recorded.Texts("security_audit.truncated"));
        Assert.Contains("…[cut, ", recorded.Attribute("a59"), StringComparison.Ordinal);
        Assert.Contains("…[cut, ", recorded.Text("shop.f59"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsTooMuchIsLeftOutAndNamed()
    {
        await using var app = await Start();
        var huge = Some.Event("checked").With("shop.many", Enumerable.Repeat("x", 100_000));
        huge = huge with
        {
            Fields = [.. huge.Fields, .. Enumerable.Range(0, 5000).Select(i => KeyValuePair.Create($"shop.f{i}", (object?)i))],
            Attributes = [.. Enumerable.Range(0, 5000).Select(i => KeyValuePair.Create(new string('\u4E2D', 100) + i, (string?)"x"))],
        };

        await app.Audit.RecordAsync(huge);

        var recorded = await app.Event("checked");
        Assert.Equal(256, recorded.Texts("shop.many").Length);
        Assert.Contains("shop.many", recorded.Texts("security_audit.truncated"));
        Assert.Contains("shop.f63", recorded.Texts("security_audit.truncated"));
        Assert.Equal(Environment.MachineName, recorded.Text("host.name"));
    }

    public static TheoryData<string, object> Fields => new()
    {
        { "", "x" }, { " ", "x" }, { "\n", "x" }, { "a\u202Eb", "x" }, { "a\"b", "x" }, { new string('n', 1000), "x" }, { "a..b", "x" }, { ".a", "x" },
        { "journal.id", "x" }, { "event.sequence", 1 }, { "event.hash", "x" }, { "Event.Hash", "x" }, { "@timestamp", "x" }, { "event.action", "journal.gap" },
        { "event.kind", "alert" }, { "message", "x" }, { "user", "x" }, { "event", "x" }, { "security_audit.attributes", "x" }, { "security_audit.attributes.a", "x" },
        { "security_audit.journal.from", "1" }, { "user.name", "root" }, { "shop.number", double.NaN }, { "shop.number", double.PositiveInfinity }, { "shop.number", float.NaN },
        { ((char)0xD800).ToString(), "x" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task AFieldThatCannotBeOneIsRecordedAmongTheAttributes(string name, object value)
    {
        await using var app = await Start();

        await app.Audit.RecordAsync((Some.Event("checked") with { User = Some.User() }).With(name, value));

        var recorded = await app.Event("checked");
        Assert.Equal("ann", recorded.Text("user.name"));
        Assert.Single(recorded.EnumerateObject(), field => field.Name == "journal.id");
        Assert.Single(recorded.EnumerateObject(), field => field.Name == "event.action");
        Assert.Single(recorded.EnumerateObject(), field => field.Name == "@timestamp");
        Assert.Single(recorded.GetProperty("security_audit.attributes").EnumerateObject(), attribute => attribute.Name.StartsWith("field:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NoFieldIsLostForItsNameOrItsValue()
    {
        await using var app = await Start();
        var odd = new SecurityEvent("checked", default, default)
        {
            Timestamp = DateTimeOffset.MinValue,
            Kind = null!,
            User = new AuditUser(null, null) { Roles = [null!] },
            Fields = [new(null!, "x"), new("shop.thrower", new Thrower()), new("shop.list", Throwing()), new("shop.n", 1), new("shop.n", 2), new("shop.short", (short)3)],
            Attributes = [new(null!, "a"), new("", "b"), new(" ", "c"), new("n", "1"), new("n", "2"), new("null", null)],
        };

        app.Audit.Record(odd);
        app.Audit.Record(odd with { Action = "other", Fields = default, Attributes = default, Timestamp = DateTimeOffset.MaxValue });
        await app.Audit.RecordAsync(odd with { Action = " " });

        var recorded = await app.Event("checked");
        Assert.Equal(("c", "2", "x"), (recorded.Attribute("unnamed"), recorded.Attribute("n"), recorded.Attribute("field:unnamed")));
        Assert.Equal(("2", "3", "failed"), (recorded.Text("shop.n"), recorded.Text("shop.short"), recorded.Text("security_audit.redaction")));
        await app.Event("other");
        await app.Event("unknown");
    }

    [Theory]
    [InlineData("journal.gap")]
    [InlineData("Journal.Gap")]
    [InlineData(" journal.gap")]
    public async Task NoEventLooksLikeALineOfTheJournalsOwn(string action)
    {
        await using var app = await Start();

        await app.Audit.RecordAsync(new SecurityEvent(action, ["process"], ["info"]).With("security_audit.journal.dropped", 5));

        var recorded = Assert.Single(await app.Events(), e => e.Text("event.action")!.Contains("gap", StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith("application.", recorded.Text("event.action"), StringComparison.Ordinal);
        Assert.Null(recorded.Text("security_audit.journal.dropped"));
    }

    private static IEnumerable<string> Throwing()
    {
        yield return "first";
        throw new InvalidOperationException("no second");
    }

    private sealed class Thrower : IFormattable
    {
        public string ToString(string? format, IFormatProvider? formatProvider) => throw new InvalidOperationException("no text");
    }
}
