using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Journal;
using SecurityAudit.Journal.Tests;
using SecurityAudit.Opening;

namespace SecurityAudit.Tests.Hosting;

/// <summary>What an application does whose journal cannot be opened, and what becomes of its events.</summary>
public sealed class WithoutAJournalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-none-");
    private readonly CollectingLogger _log = new();

    private string Audit => Path.Combine(_folder.FullName, "audit");

    public void Dispose()
    {
        // An opening that answers late still writes here when the test is over.
        Eventually.True(IsDeleted, "the folder to be free");
        _log.Dispose();
    }

    private bool IsDeleted()
    {
        try
        {
            _folder.Delete(recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static TheoryData<string> WhatIsWrong { get; } =
        ["a file in its place", "a stranger's file in it", "a signing key that is garbage", "a signing key that everybody may read", "a key directory that is a file"];

    [Theory]
    [MemberData(nameof(WhatIsWrong))]
    public async Task WhereTheOwnerChoseContinueTheApplicationStartsWithoutAJournalAndTheGapIsRecordedWhenThereIsOne(string wrong)
    {
        var mend = Spoil(wrong);
        await using var app = await StartAsync();

        using (var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) })
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/login")).StatusCode);
        }

        var audit = app.Services.GetRequiredService<ISecurityAudit>();
        audit.Record(Some.Event("lost"));
        await audit.RecordAsync(Some.Event("lost"));
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Entries["security-audit-journal"].Status);
        Assert.Contains(Audit, health.Entries["security-audit-journal"].Description, StringComparison.Ordinal);
        Assert.Single(_log.Critical, text => text.StartsWith("There is no journal, so NO SECURITY EVENT IS RECORDED", StringComparison.Ordinal));
        Assert.Throws<JournalUnavailableException>(app.Services.GetRequiredService<JournalWriter>);

        mend();
        var journal = app.Services.GetRequiredService<AuditJournal>();
        Eventually.True(() => journal.Writer is not null, "a journal once its place was mended");
        await audit.RecordAsync(Some.Event("kept"));
        await app.StopAsync();

        // sys_startup, audit_coverage, session_created of the sign-in, and the two of the test
        var lines = Lines();
        var gap = Assert.Single(lines, line => line.Text("event.action") == "journal.gap");
        Assert.Equal("5", gap.Text("security_audit.journal.dropped"));
        Assert.NotEmpty(gap.Text("security_audit.journal.reason")!);
        Assert.True(lines.IndexOf(gap) < lines.FindIndex(line => line.Text("event.action") == "kept"));
        Assert.DoesNotContain(lines, line => line.Text("event.action") == "lost");
        // The thread that opened it says so after it is there.
        Eventually.True(
            () => _log.Said.Any(text => text.StartsWith("The journal is open now, in", StringComparison.Ordinal) && text.Contains("5 events before", StringComparison.Ordinal)),
            "the log to say that the journal is open");
    }

    [Theory]
    [MemberData(nameof(WhatIsWrong))]
    public async Task WhereTheOwnerChoseRefuseAnApplicationWithoutAJournalDoesNotStart(string wrong)
    {
        Spoil(wrong);

        var fault = await Assert.ThrowsAnyAsync<IOException>(() => StartAsync(options => options.Journal.FailureMode = JournalFailureMode.Refuse));

        Assert.Contains(Audit, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongOptionsStopTheStartWhateverTheFailureMode()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(
            options => options.Journal.WaitTimeout = TimeSpan.Zero, options => options.HeartbeatInterval = TimeSpan.Zero));

        Assert.Contains("WaitTimeout is 00:00:00, expected", fault.Message, StringComparison.Ordinal);
        Assert.Contains("HeartbeatInterval is 00:00:00, expected", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APseudonymKeyThatIsGarbageIsToldAndTheEventsAreRecordedAllTheSame()
    {
        Directory.CreateDirectory(Path.Combine(Audit, "keys"));
        await File.WriteAllTextAsync(Path.Combine(Audit, "keys", "pseudonym.key"), "garbage");
        await using var app = await StartAsync();

        using (var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) })
        {
            await client.GetAsync("/login");
        }

        await app.Services.GetRequiredService<JournalWriter>().FlushAsync();
        Assert.Single(JournalEvents.Read(Audit), e => e.Text("event.action") == "session_created" && e.Text("session.id") is not null);
        Assert.Single(_log.Critical, text => text.Contains("holds 7 characters, expected 64 hexadecimal digits", StringComparison.Ordinal));
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Entries["security-audit-journal"].Status);
        Assert.Equal("garbage", await File.ReadAllTextAsync(Path.Combine(Audit, "keys", "pseudonym.key")));
    }

    [Fact]
    public void ADiskThatHangsHoldsTheStartUpForABoundedTimeOnly()
    {
        using var answers = new ManualResetEventSlim();
        var options = new JournalOptions();
        using var journal = new AuditJournal(() => { answers.Wait(); return JournalWriter.Open(Audit, options); }, options, _log);

        journal.Open(TimeSpan.FromMilliseconds(20));

        Assert.Equal(JournalHealthState.Failed, journal.Health.State);
        Assert.True(journal.Misses());
        Assert.Equal(1, journal.Health.Dropped);
        answers.Set();
        Eventually.True(() => journal.Writer is not null, "a journal when the disk answers");
        Assert.False(journal.Misses());
        Assert.Equal(1, journal.Health.Dropped);
    }

    [Fact]
    public void UnderRefuseADiskThatHangsStopsTheStartAndALateAnswerKeepsNoLock()
    {
        using var answers = new ManualResetEventSlim();
        var options = new JournalOptions { FailureMode = JournalFailureMode.Refuse };
        using var journal = new AuditJournal(() => { answers.Wait(); return JournalWriter.Open(Audit, options); }, options, _log);

        var fault = Assert.Throws<JournalException>(() => journal.Open(TimeSpan.FromMilliseconds(20)));

        Assert.StartsWith("The journal is not open after 0 s", fault.Message, StringComparison.Ordinal);
        answers.Set();
        Eventually.True(() => IsFree() && Lines().Exists(line => line.Text("event.action") == "journal.closed"), "a journal that was closed again");
    }

    private bool IsFree()
    {
        try
        {
            using var held = new FileStream(Path.Combine(Audit, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false; // held, or not there yet
        }
    }

    [Fact]
    public async Task WhatTheOwnerMakesOfAFailureIsTheHealthChecksStatus()
    {
        Spoil("a file in its place");
        await using var app = await StartAsync(options => options.HealthOnFailure = HealthStatus.Unhealthy);

        var health = app.Services.GetRequiredService<HealthCheckService>();

        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync(check => !check.Tags.Contains("security-audit"))).Status);
    }

    [Fact]
    public async Task AJournalInTroubleFailsNoProbeUnlessTheOwnerSaysSo()
    {
        Spoil("a file in its place");
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var answer = await client.GetAsync("/health");

        Assert.Equal((HttpStatusCode.OK, "Degraded"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task WhatTheApplicationRegisteredMayFailInTheCheckAtStartAndMayKnowOnlyAnAsynchronousEnd()
    {
        await using var app = await StartAsync(build: builder => builder.Services
            .AddScoped<OnlyAsynchronous>()
            .AddScoped<Microsoft.AspNetCore.Identity.ILookupNormalizer>(provider =>
            {
                provider.GetRequiredService<OnlyAsynchronous>();
                throw new InvalidOperationException("no database yet");
            }));

        await app.Services.GetRequiredService<JournalWriter>().FlushAsync();
        var coverage = Assert.Single(JournalEvents.Read(Audit), e => e.Text("event.action") == "audit_coverage");
        Assert.Equal("not covered: identity, service:ILookupNormalizer", coverage.Text("event.reason"));
    }

    private async Task<WebApplication> StartAsync(
        Action<SecurityAuditOptions>? configure = null, Action<JournalOptions>? journal = null, Action<WebApplicationBuilder>? build = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.AddSecurityAudit(audit => audit.Configure(configure ?? (_ => { })).ConfigureJournal(journal ?? (_ => { })));
        RecordedApp.AddCookies(builder);
        build?.Invoke(builder);
        var app = builder.Build();
        app.MapGet("/login", () => TypedResults.SignIn(Some.Principal()));
        app.MapHealthChecks("/health");
        await app.StartAsync();
        return app;
    }

    /// <summary>Makes a journal's place unusable; what is returned mends it.</summary>
    private Action Spoil(string wrong)
    {
        var keys = Path.Combine(Audit, "keys");
        var signing = Path.Combine(keys, "journal.pem");
        switch (wrong)
        {
            case "a file in its place":
                File.WriteAllText(Audit, "");
                return () => File.Delete(Audit);
            case "a stranger's file in it":
                Directory.CreateDirectory(Audit);
                File.WriteAllText(Path.Combine(Audit, "notes.jsonl"), "");
                return () => File.Delete(Path.Combine(Audit, "notes.jsonl"));
            case "a signing key that is garbage":
                Directory.CreateDirectory(keys);
                File.WriteAllText(signing, "garbage");
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(signing, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }

                return () => File.Delete(signing);
            case "a signing key that everybody may read":
                Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes");
                PemFileSigner.Create(signing).Dispose();
                File.SetUnixFileMode(signing, UnixFileMode.UserRead | UnixFileMode.OtherRead);
                return () => File.SetUnixFileMode(signing, UnixFileMode.UserRead);
            case "a key directory that is a file":
                Directory.CreateDirectory(Audit);
                File.WriteAllText(keys, "");
                return () => File.Delete(keys);
            default:
                throw new ArgumentOutOfRangeException(nameof(wrong));
        }
    }

    private List<JsonElement> Lines()
    {
        var lines = new List<JsonElement>();
        using var reader = new JournalReader(Audit);
        while (reader.TryRead(out var line))
        {
            lines.Add(JsonDocument.Parse(line.Utf8.ToArray()).RootElement);
        }

        return lines;
    }

    private sealed class OnlyAsynchronous : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
