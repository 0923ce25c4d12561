using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Hosting;
using SecurityAudit.Survey;
using Serilog.Core;
using Serilog.Events;

namespace SecurityAudit.Tests.Inventory;

public sealed class AcceptedGapsTests
{
    private const string Accepted = "security_audit.coverage.accepted";
    private const string Unmatched = "security_audit.coverage.accepted_unmatched";
    private const string Missing = "security_audit.coverage.parts.missing";

    [Fact]
    public async Task AGapThatTheOwnerAcceptsIsNamedWithTheReasonAndFailsNeitherCoverageNorHealth()
    {
        var log = new CollectingLogger();
        await using var app = await Start("""{ "form:POST /webhook": "signed by the sender", "form:POST /hook/{id:int}": "the same" }""", log);

        var coverage = await app.Event("audit_coverage");
        Assert.Equal(["form:POST /hook/{id:int}: the same", "form:POST /webhook: signed by the sender"], coverage.Texts(Accepted).Order(StringComparer.Ordinal));
        Assert.Empty(coverage.Texts(Missing));
        Assert.Null(coverage.Text(Unmatched));
        Assert.Equal(("success", "21"), (coverage.Text("event.outcome"), coverage.Text("event.severity")));
        Assert.EndsWith("; several gaps are accepted.", coverage.Text("message"), StringComparison.Ordinal);
        Assert.DoesNotContain(coverage.Texts("security_audit.coverage.remedies"), remedy => remedy.Contains("hook", StringComparison.Ordinal));
        Assert.Equal(HealthStatus.Healthy, (await CoverageTests.HealthOf(app)).Status);
        Assert.Contains("Security audit does not cover form:POST /webhook, or not whole, which is accepted: signed by the sender", log.Said);
        Assert.All(
            log.Said.Where(text => text.StartsWith("Security audit does not cover form:", StringComparison.Ordinal)),
            text => Assert.Contains("accepted", text, StringComparison.Ordinal));

        var report = await SecurityAuditCoverage.OfAsync(app.Services);
        Assert.Empty(report.Missing);
        Assert.Equal(["the same", "signed by the sender"], report.Accepted.OrderBy(item => item.Name, StringComparer.Ordinal).Select(item => item.Reason));
        Assert.All(report.Accepted, item => Assert.NotNull(item.Remedy));
        Assert.Contains("Accepted form:POST /webhook: signed by the sender", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAcceptedNameThatIsNoGapIsSaidAndTheGapStays()
    {
        var log = new CollectingLogger();
        await using var app = await Start("""{ "form:POST /webhok": "mistyped", "form:post /hook/{id:int}": "case counts", "scheme:Cookies": "covered" }""", log);

        var coverage = await app.Event("audit_coverage");
        Assert.Equal(["form:POST /webhok", "form:post /hook/{id:int}", "scheme:Cookies"], coverage.Texts(Unmatched));
        Assert.Equal(["form:POST /hook/{id:int}", "form:POST /webhook"], coverage.Texts(Missing).Order(StringComparer.Ordinal));
        Assert.Equal(("failure", "73"), (coverage.Text("event.outcome"), coverage.Text("event.severity")));
        Assert.Null(coverage.Text(Accepted));
        Assert.Contains(log.Said, text => text.StartsWith(
            "SecurityAudit:AcceptedGaps names form:POST /webhok, form:post /hook/{id:int}, scheme:Cookies, which is no gap of this application.", StringComparison.Ordinal));
        Assert.Equal(HealthStatus.Degraded, (await CoverageTests.HealthOf(app)).Status);
    }

    [Fact]
    public async Task AnAcceptedGapThatIsClosedIsSaidWithoutAFailure()
    {
        await using var app = await RecordedApp.Start(
            _ => { }, audit => audit.SignInsAreReported().Configure(options => options.AcceptedGaps["form:POST /gone"] = "signed by the sender"));

        var coverage = await app.Event("audit_coverage");
        Assert.Equal(("success", "47"), (coverage.Text("event.outcome"), coverage.Text("event.severity")));
        Assert.Equal(["form:POST /gone"], coverage.Texts(Unmatched));
        Assert.Contains("Accepted, and no gap of the application: form:POST /gone.", (await SecurityAuditCoverage.OfAsync(app.Services)).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "hook:sessions": "known" }""", "holds 'hook:sessions', expected a part of the application: a hook that is not in place")]
    [InlineData("""{ "Hook:sessions": "known" }""", "holds 'Hook:sessions', expected a part of the application")]
    [InlineData("""{ "form:*": "all of them" }""", "holds 'form:*', expected the name of one part")]
    [InlineData("""{ "form:POST /x": " " }""", "gives 'form:POST /x' no reason")]
    [InlineData("""{ "form:POST /x": null }""", "gives 'form:POST /x' no reason")]
    [InlineData("""[ "form:POST /x" ]""", "holds '0', expected kind:name")]
    [InlineData("\"form:POST /x\"", "is 'form:POST /x', expected an object of parts and reasons")]
    public void AHookANameForManyAndAMissingReasonAreNotAccepted(string json, string fault)
    {
        var section = new OptionsSection(Json(json));
        var options = new SecurityAuditOptions();
        section.Configure(options);

        Assert.Contains("SecurityAudit:AcceptedGaps " + fault, new OptionsValidator(section).Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeLookedAtIsAcceptedByNoName()
    {
        CoverageItem[] found =
        [
            new("hook", "sessions", CoverageState.Missing, "mend"), new("form", "*", CoverageState.Missing, "mend"), new("form", "POST /x", CoverageState.Partial, "ask"),
        ];

        var (items, unmatched) = AcceptedGaps.Apply([.. found], new Dictionary<string, string> { ["form:POST /x"] = "known", ["form:POST /y"] = "known" });

        Assert.Equal([CoverageState.Missing, CoverageState.Missing, CoverageState.Accepted], items.Select(item => item.State));
        Assert.Equal(["form:POST /y"], unmatched);
    }

    [Fact]
    public async Task ThousandsOfAcceptedGapsLoseNoCoverageEvent()
    {
        await using var app = await RecordedApp.Start(
            web =>
            {
                for (var n = 0; n < 1000; n++)
                {
                    web.MapPost($"/{new string('x', 200)}/{n}", ([FromForm] string name) => name).DisableAntiforgery();
                }
            },
            audit => audit.SignInsAreReported().Configure(options =>
            {
                for (var n = 0; n < 2000; n++)
                {
                    options.AcceptedGaps[$"form:POST /{new string('x', 200)}/{n}"] = new string('y', 5000);
                }
            }));

        var coverage = await app.Event("audit_coverage");
        Assert.Null(coverage.Text("security_audit.truncated"));
        Assert.Equal("… and 953 more", coverage.Texts(Accepted)[^1]);
        Assert.Equal("… and 953 more", coverage.Texts(Unmatched)[^1]);
        Assert.Equal(1000, (await SecurityAuditCoverage.OfAsync(app.Services)).Accepted.Count);
    }

    [Fact]
    public async Task WhereEventsGoBesideTheJournalAndHowLongTheyAreKeptIsInTheCoverageByNamesAlone()
    {
        await using var app = await RecordedApp.Start(
            _ => { },
            audit => audit.WriteTo(sinks => sinks.Sink(new Nowhere())).ConfigureJournal(journal =>
            {
                journal.Consumers.Add(new Archive("https://ann:hunter2@archive.example/"));
                journal.Consumers.Add(new Archive("the archive"));
            }),
            builder => builder.Configuration.AddJsonStream(new MemoryStream(
                """
                { "SecurityAudit": { "Serilog": { "WriteTo": [ "Splunk", { "Name": "Seq", "Args": { "serverUrl": "https://seq.example", "apiKey": "hunter2" } } ] } } }
                """u8.ToArray())));

        var coverage = await app.Event("audit_coverage");
        Assert.Equal(
            ["Archive", "the archive", "WriteTo 1", "SecurityAudit:Serilog: Splunk, Seq"], coverage.Texts("security_audit.coverage.sinks"));
        Assert.Equal("unlimited", coverage.Text("security_audit.coverage.retention"));
        Assert.DoesNotContain("hunter2", coverage.GetRawText(), StringComparison.Ordinal);
    }

    private static Task<RecordedApp> Start(string accepted, CollectingLogger log) => RecordedApp.Start(
        web =>
        {
            web.MapPost("/webhook", ([FromForm] string name) => name).DisableAntiforgery();
            web.MapPost("/hook/{id:int}", ([FromForm] string name) => name).DisableAntiforgery();
        },
        audit => audit.SignInsAreReported(),
        builder =>
        {
            builder.Logging.AddProvider(log);
            builder.Configuration.AddConfiguration(Json(accepted));
        });

    private static IConfigurationRoot Json(string accepted) => new ConfigurationBuilder()
        .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "SecurityAudit": { "AcceptedGaps": {{accepted}} } }"""))).Build();

    private sealed class Nowhere : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
        }
    }

    private sealed class Archive(string name) : Journal.IJournalConsumer
    {
        public string Name => name;

        public long SettledSize(Journal.JournalLog log) => 0;
    }
}
