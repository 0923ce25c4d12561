using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

using SecurityAudit.Alerts;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Journal.Tests;
using SecurityAudit.Tests.Refusal;

namespace SecurityAudit.Tests.Alerts;

public sealed class AlertDeliveryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-alerts-");

    private string Journal => Path.Combine(_folder.FullName, "audit");

    public void Dispose() => _folder.Delete(recursive: true);

    private Task<RecordedApp> Start(params IAlertSink[] sinks) => Start(_ => { }, sinks);

    private Task<RecordedApp> Start(Action<SecurityAuditOptions> configure, params IAlertSink[] sinks) => RecordedApp.Start(
        _ => { },
        audit =>
        {
            audit.Configure(options => options.Journal.Directory = Journal).Configure(configure);
            Array.ForEach(sinks, sink => audit.AlertTo(sink));
        });

    private static void Arrives(CollectingSink sink, int count) =>
        Eventually.True(() => sink.Delivered.Count >= count, $"{count} deliveries, {sink.Delivered.Count} have come");

    [Fact]
    public async Task AnAlertIsDeliveredOnEachChannelWithAllThatItsLineHas()
    {
        CollectingSink pager = new("pager"), chat = new("chat");
        await using var app = await Start(pager, chat);

        app.Audit.Record(Some.Event());
        app.Audit.Record(SomeAlert.Event());

        Arrives(pager, 1);
        Arrives(chat, 1);
        var alert = pager.Delivered[0].Alert!;
        Assert.Equal(chat.Delivered[0].Id, pager.Delivered[0].Id);
        Assert.Equal(alert.EventId, pager.Delivered[0].Id);
        Assert.Equal(("password_spraying", "Password spraying", AlertStage.Raised), (alert.RuleId, alert.RuleName, alert.Stage));
        Assert.Equal((EventSeverity.High, 73, 24, 9), (alert.Severity, alert.RiskScore, alert.Attempts, alert.Distinct));
        Assert.Equal("Somebody at 203.0.113.7 is trying passwords.", alert.Sentence);
        Assert.Equal("T1110.003 Password Spraying", alert.Technique);
        Assert.Equal(["e-1", "e-2"], alert.EventIds);
        Assert.Equal("203.0.113.7", alert.Subject["source.ip"]);
        Assert.Equal(TimeSpan.FromMinutes(5), alert.End - alert.Start);
        Assert.Equal(app.Services.GetRequiredService<JournalWriter>().Id, alert.LogId);
        Assert.NotNull(alert.ServiceName);
    }

    [Fact]
    public async Task AnAlertIsDeliveredOnceThoughTheApplicationStartsAgain()
    {
        var before = new CollectingSink();
        await using (var app = await Start(before))
        {
            app.Audit.Record(SomeAlert.Event("the first"));
            Arrives(before, 1);
        }

        var after = new CollectingSink();
        await using (var app = await Start(after))
        {
            app.Audit.Record(SomeAlert.Event("the second"));
            Arrives(after, 1);
        }

        Assert.Equal(["the first"], before.Sentences);
        Assert.Equal(["the second"], after.Sentences);
    }

    [Fact]
    public async Task TheLastAlertBeforeAStopIsDeliveredBeforeIt()
    {
        var pager = new CollectingSink("pager", (_, cancellationToken) => Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken));
        await using var app = await Start(pager);
        for (var n = 0; n < 10; n++)
        {
            app.Audit.Record(SecurityEvents.AuthnLoginFail(Some.User("ann"), "wrong password").With(EventFields.SourceIp.Name, System.Net.IPAddress.Parse("203.0.113.7")));
        }

        await app.StopAsync();

        Assert.Equal("brute_force", Assert.Single(pager.Delivered).Alert!.RuleId);
    }

    [Fact]
    public async Task AChannelThatIsDeadHoldsUpNoStop()
    {
        var dead = new CollectingSink("pager", (_, _) => throw new AlertDeliveryException("off"));
        await using var app = await Start(dead);
        app.Audit.Record(SomeAlert.Event());
        Eventually.True(() => app.Services.GetRequiredService<AlertChannels>().Status.Single().Status.FailingSince is not null, "an attempt that failed");

        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await app.Services.GetRequiredService<AlertChannels>().StopAsync(CancellationToken.None);

        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task WhatNoChannelTookBeforeTheStopIsDeliveredAfterTheNextStart()
    {
        var dead = new CollectingSink("pager", (_, _) => throw new AlertDeliveryException("The pager is off."));
        await using (var app = await Start(dead))
        {
            app.Audit.Record(SomeAlert.Event("told at last"));
            Eventually.True(() => dead.Attempts > 0, "an attempt");
        }

        var sound = new CollectingSink("pager");
        await using (await Start(sound))
        {
            Arrives(sound, 1);
        }

        Assert.Empty(dead.Delivered);
        Assert.Equal(["told at last"], sound.Sentences);
    }

    [Fact]
    public async Task AlertsOfALogThatADeadProcessLeftBehindAreDelivered()
    {
        // Two that write at once have a log each; the second log is nobody's when both are gone.
        var deaf = new CollectingSink("other");
        await using (await Start(deaf))
        await using (var second = await Start(new CollectingSink("another")))
        {
            second.Audit.Record(SomeAlert.Event("from the second log"));
            await second.Services.GetRequiredService<JournalWriter>().FlushAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(Directory.Exists(JournalDirectory.LogDirectory(Journal, 1)));
        var pager = new CollectingSink();
        await using (await Start(pager))
        {
            Arrives(pager, 1);
        }

        Assert.Equal(["from the second log"], pager.Sentences);
        var again = new CollectingSink();
        await using (var app = await Start(again))
        {
            app.Audit.Record(SomeAlert.Event("news"));
            Arrives(again, 1);
        }

        Assert.Equal(["news"], again.Sentences);
    }

    [Fact]
    public async Task TenThousandAlertsThatWaitBecomeOneDigestWithTheWorstFirst()
    {
        await using (var app = await Start())
        {
            for (var n = 0; n < 9_999; n++)
            {
                app.Audit.Record(SomeAlert.Event($"number {n}", n % 2 == 0 ? EventSeverity.Medium : EventSeverity.High, n % 2 == 0 ? "forced_browsing" : "password_spraying"));
            }

            app.Audit.Record(SomeAlert.Event("the worst", EventSeverity.Critical, "honeytoken"));
        }

        var pager = new CollectingSink();
        await using (await Start(pager))
        {
            Arrives(pager, 1);
        }

        var digest = Assert.Single(pager.Delivered).Digest!;
        Assert.Equal(10_000, digest.Total);
        Assert.Equal(
            [("honeytoken", EventSeverity.Critical, 1L), ("password_spraying", EventSeverity.High, 4_999L), ("forced_browsing", EventSeverity.Medium, 5_000L)],
            digest.Rows.Select(row => (row.RuleId, row.Severity, row.Raised)));
        Assert.Equal(["the worst", "number 1", "number 3"], digest.Worst.Take(3).Select(alert => alert.Sentence));
        Assert.Equal(10, digest.Worst.Length);
        Assert.StartsWith("10000 alerts from ", pager.Delivered[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChannelThatFailsHoldsUpNoOtherAndIsToldInHealthAndInTheJournal()
    {
        var dead = new CollectingSink("dead", (_, _) => throw new AlertDeliveryException("hooks.example answered 500, expected 2xx."));
        var sound = new CollectingSink("sound");
        var log = new CollectingLogger();
        await using var app = await RecordedApp.Start(
            _ => { }, audit => audit.AlertTo(dead).AlertTo(sound), builder => builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace));

        app.Audit.Record(SomeAlert.Event());

        Arrives(sound, 1);
        var told = await app.Event("audit_alert_undelivered");
        Assert.Equal("dead", told.Text("security_audit.delivery.channel"));
        Assert.Equal("waiting", told.Text("security_audit.delivery.state"));
        Assert.Equal("1", told.Text("security_audit.delivery.count"));
        Assert.Equal("failure", told.Text("event.outcome"));
        Assert.Contains("hooks.example answered 500", told.Text("message"), StringComparison.Ordinal);
        Assert.Contains(log.Said, line => line.StartsWith("The alert channel dead did not deliver: hooks.example answered 500", StringComparison.Ordinal));
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(
            check => check.Name == "security-audit-alerts", TestContext.Current.CancellationToken);
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("The alert channel dead has not delivered since", health.Entries["security-audit-alerts"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChannelThatFailsIsToldOnTheOthers()
    {
        CollectingSink dead = new("dead", (_, _) => throw new AlertDeliveryException("hooks.example answered 500, expected 2xx.")), sound = new("sound");
        await using var app = await Start(dead, sound);

        app.Audit.Record(SomeAlert.Event());

        Eventually.True(() => sound.Delivered.Any(delivery => delivery.Alert?.RuleId == "audit_health"), "the other channel to tell of it");
        var told = sound.Delivered.Single(delivery => delivery.Alert?.RuleId == "audit_health");
        Assert.Contains("The alert channel dead does not deliver: hooks.example answered 500, expected 2xx.", told.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAttackIsToldOnTheChannelWithWhatToDoAndWhereToLook()
    {
        var pager = new CollectingSink();
        await using var app = await Start(pager);

        for (var n = 0; n < 10; n++)
        {
            app.Audit.Record(SecurityEvents.AuthnLoginFail(Some.User("ann"), "wrong password").With(EventFields.SourceIp.Name, System.Net.IPAddress.Parse("203.0.113.7")));
        }

        Arrives(pager, 1);
        var alert = pager.Delivered[0].Alert!;
        Assert.Equal("brute_force", alert.RuleId);
        Assert.Equal(10, alert.EventIds.Length);
        Assert.StartsWith("security-audit show ", alert.Command, StringComparison.Ordinal);
        Assert.Contains("203.0.113.7", alert.Query, StringComparison.Ordinal);
        Assert.StartsWith("Block that address", alert.Advice, StringComparison.Ordinal);
        Assert.Equal("203.0.113.7", alert.Subject["source.ip"]);
        Assert.NotNull(alert.RuleDescription);
    }

    [Fact]
    public async Task AChannelThatWorksAgainIsHealthyAndHasMissedNothing()
    {
        var fails = true;
        var pager = new CollectingSink("pager", (_, _) => Volatile.Read(ref fails) ? throw new AlertDeliveryException("off") : Task.CompletedTask);
        await using var app = await Start(pager);
        app.Audit.Record(SomeAlert.Event("the first"));
        app.Audit.Record(SomeAlert.Event("the second"));
        Eventually.True(() => pager.Attempts > 0, "an attempt");

        Volatile.Write(ref fails, false);

        Arrives(pager, 2);
        Assert.Equal(["the first", "the second"], pager.Sentences);
        Eventually.True(() => app.Services.GetRequiredService<AlertChannels>().Status.Single().Status is { FailingSince: null, Delivered: 2 }, "a channel that does well");
    }

    [Fact]
    public async Task WhatASinkThrowsIsShownByItsTypeAlone()
    {
        var pager = new CollectingSink("pager", (_, _) => throw new InvalidOperationException("POST https://hooks.example/T0/hunter2 failed"));
        var log = new CollectingLogger();
        await using var app = await RecordedApp.Start(
            _ => { }, audit => audit.AlertTo(pager), builder => builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace));

        app.Audit.Record(SomeAlert.Event());

        Eventually.True(() => pager.Attempts > 0 && app.Services.GetRequiredService<AlertChannels>().Status.Single().Status.Problem is not null, "an attempt that failed");
        Eventually.True(() => log.Said.Any(line => line.Contains("InvalidOperationException", StringComparison.Ordinal)), "its type in the log, behind the attempt");
        Assert.DoesNotContain(log.Said, line => line.Contains("hunter2", StringComparison.Ordinal));
        Assert.Equal("The channel failed with InvalidOperationException.", app.Services.GetRequiredService<AlertChannels>().Status.Single().Status.Problem);
    }

    [Fact]
    public async Task AnAlertThatCouldNotBeRecordedIsDeliveredFromMemoryOnce()
    {
        var pager = new CollectingSink();
        await using var app = await Start(pager);
        var alert = SomeAlert.Notification("not in the journal") with { Sequence = null, LogId = null };

        app.Services.GetRequiredService<AlertChannels>().DeliverUnrecorded(alert);

        Arrives(pager, 1);
        app.Audit.Record(SomeAlert.Event("not in the journal") with { Id = alert.EventId }); // it could be, after all
        app.Audit.Record(SomeAlert.Event("another"));
        Arrives(pager, 2);
        Assert.Equal(["not in the journal", "another"], pager.Sentences);
    }

    [Fact]
    public async Task AJournalThatCannotBeWrittenIsToldFromMemoryAndSoIsItsEnd()
    {
        var pager = new CollectingSink();
        await using var app = await Start(pager);
        var broken = await BrokenJournal.Down(app.Services);

        Arrives(pager, 1);
        await broken.Mend();
        Arrives(pager, 2);

        var (raised, resolved) = (pager.Delivered[0].Alert!, pager.Delivered[1].Alert!);
        Assert.Equal(("audit_health", AlertStage.Raised, EventSeverity.Critical), (raised.RuleId, raised.Stage, raised.Severity));
        Assert.StartsWith("The audit journal cannot be written: ", raised.Sentence, StringComparison.Ordinal);
        Assert.Equal((raised.Id, AlertStage.Resolved), (resolved.Id, resolved.Stage));
        Assert.StartsWith("The audit journal is written again.", resolved.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereThereIsNoJournalAtAllThatIsTold()
    {
        File.WriteAllText(Journal, "in the way");
        var pager = new CollectingSink();
        await using var app = await Start(pager);

        Arrives(pager, 1);

        Assert.Contains("neither recorded nor watched", pager.Delivered[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AlertsBelowTheSeverityOfAChannelDoNotGoThere()
    {
        var pager = new CollectingSink { MinimumSeverity = EventSeverity.Critical };
        await using var app = await Start(pager);

        app.Audit.Record(SomeAlert.Event("high"));
        app.Audit.Record(SomeAlert.Event("critical", EventSeverity.Critical));
        app.Audit.Record((SomeAlert.Event("its end", EventSeverity.Critical) with { Kind = "event", Severity = EventSeverity.Low }).With(AlertFields.Stage, "resolved"));

        Arrives(pager, 2);
        Assert.Equal(["critical", "its end"], pager.Sentences);
    }

    [Fact]
    public async Task RetentionLeavesWhatAChannelHasNotTaken()
    {
        var dead = new CollectingSink("dead", (_, _) => throw new AlertDeliveryException("off"));
        await using var app = await Start(dead);
        app.Audit.Record(SomeAlert.Event());
        Eventually.True(() => dead.Attempts > 0, "an attempt");

        var consumer = app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<SecurityAuditOptions>>().Value.Journal.Consumers.Single();
        var alert = JournalEvents.ReadAll(Journal).Single(e => e.Text("event.kind") == "alert");

        Assert.True(consumer.SettledSize(JournalDirectory.Log(Journal)) <= alert.GetProperty("event.sequence").GetInt64());
    }

    [Fact]
    public async Task WhatIsRememberedOfAChannelIsForItsOwnerAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        var pager = new CollectingSink();
        await using (var app = await Start(pager))
        {
            app.Audit.Record(SomeAlert.Event());
            Arrives(pager, 1);
        }

        var folder = Path.Combine(Journal, "alerts");
        Assert.NotEmpty(Directory.GetFiles(folder));
        Assert.All(Directory.GetFiles(folder), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }
}
