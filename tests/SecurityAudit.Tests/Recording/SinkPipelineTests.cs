using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal.Tests;
using SecurityAudit.Recording;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace SecurityAudit.Tests.Recording;

/// <summary>Sinks beside the journal are best effort: whatever they do, the application goes on, and it is told.</summary>
public sealed class SinkPipelineTests : IDisposable
{
    private readonly CollectingLogger _log = new();

    public void Dispose() => _log.Dispose();

    private Task<RecordedApp> Start(Action<LoggerSinkConfiguration> sinks, params (string Key, string Value)[] settings) => RecordedApp.Start(
        app => app.MapGet("/login", () => TypedResults.SignIn(Some.Principal())),
        audit => audit.WriteTo(sinks),
        builder =>
        {
            builder.Logging.AddProvider(_log);
            builder.Configuration.AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
        });

    [Fact]
    public async Task ASinkThatBlocksHoldsNeitherTheStartNorARequestNorTheStop()
    {
        using var released = new ManualResetEventSlim();
        var started = Stopwatch.GetTimestamp();
        await using (var app = await Start(sinks => sinks.Sink(new ActingSink(_ => released.Wait()))))
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/login")).StatusCode);
            }

            Assert.Equal(20, (await app.Events("session_created")).Count + (await app.Events("session_renewed")).Count);
        }

        // Five seconds are what the stop waits for all sinks together; a blocked one would hold for ever.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Contains(_log.Said, text => text.StartsWith("The sinks of WriteTo 1 did not end within", StringComparison.Ordinal));
        released.Set();
    }

    [Fact]
    public async Task WhatASinkHasNoRoomForIsDroppedCountedAndShown()
    {
        using var meter = new Count("security_audit.sinks.dropped");
        using var released = new ManualResetEventSlim();
        await using var app = await Start(sinks => sinks.Sink(new ActingSink(_ => released.Wait())));

        for (var i = 0; i < SinkPipeline.Capacity + 50; i++)
        {
            app.Audit.Record(Some.Event());
        }

        Assert.True(meter.Sum >= 49, $"{meter.Sum} dropped"); // the one that blocks has left the queue, and the start was two more
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Entries["security-audit-sinks"].Status);
        Assert.Contains("do not keep up", health.Entries["security-audit-sinks"].Description, StringComparison.Ordinal);
        Assert.InRange(_log.Said.Count(text => text.Contains("do not keep up", StringComparison.Ordinal)), 1, 10);
        released.Set();
    }

    [Fact]
    public async Task ASinkThatThrowsIsCountedLoggedOnceInAWhileAndShown()
    {
        using var meter = new Count("security_audit.sinks.failed");
        await using var app = await Start(sinks => sinks.Sink(new ActingSink(_ => throw new InvalidOperationException("no such index"))));
        for (var i = 0; i < 100; i++)
        {
            app.Audit.Record(Some.Event());
        }

        Eventually.True(() => meter.Sum >= 100, "a hundred failures");

        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Entries["security-audit-sinks"].Status);
        Assert.Contains("no such index", health.Entries["security-audit-sinks"].Description, StringComparison.Ordinal);
        Assert.InRange(_log.Said.Count(text => text.Contains("no such index", StringComparison.Ordinal)), 2, 10);
    }

    [Fact]
    public async Task ASinkThatCannotBeMadeNeverStopsTheStart()
    {
        await using var app = await Start(
            _ => throw new InvalidOperationException("no such server"),
            ("SecurityAudit:Serilog:Using:0", "No.Such.Assembly"), ("SecurityAudit:Serilog:WriteTo:0:Name", "Nowhere"));

        await app.Audit.RecordAsync(Some.Event("invoice_approved"));

        await app.Event("invoice_approved");
        Eventually.True(() => _log.Said.Count(text => text.Contains("could not be made", StringComparison.Ordinal)) == 2, "two pipelines that could not be made");
        var health = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Contains("no such server", health.Entries["security-audit-sinks"].Description, StringComparison.Ordinal);
        Assert.Contains("No.Such.Assembly", health.Entries["security-audit-sinks"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SinksGetWhatTheJournalTookInItsOrder()
    {
        var got = new ConcurrentQueue<string?>();
        await using var app = await Start(sinks => sinks.Sink(new ActingSink(e => got.Enqueue((e.Properties["event.id"] as ScalarValue)?.Value as string))));

        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ => app.Audit.Record(Some.Event("ordered")));

        await app.Services.GetRequiredService<SecurityAudit.Journal.JournalWriter>().FlushAsync();
        var written = JournalEvents.Read(app.Directory).Select(e => e.Text("event.id")).ToList();
        Eventually.True(() => got.Count == written.Count, "every event in the sink");
        Assert.Equal(written, got);
    }

    [Fact]
    public async Task SinksAreFlushedWhenTheApplicationStops()
    {
        var got = 0;
        var app = await Start(sinks => sinks.Sink(new ActingSink(_ => { Thread.Yield(); got++; })));
        for (var i = 0; i < 500; i++)
        {
            app.Audit.Record(Some.Event());
        }

        await app.DisposeAsync();

        Assert.Equal(503, got); // sys_startup, audit_coverage and sys_shutdown are events too
    }

    private sealed class ActingSink(Action<LogEvent> act) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => act(logEvent);
    }

    /// <summary>The sum of a counter of the library's, whoever made it.</summary>
}
