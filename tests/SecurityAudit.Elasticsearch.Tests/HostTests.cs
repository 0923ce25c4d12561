using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SecurityAudit.Opening;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>In an application: switched on by one call or by configuration alone, watched, and never in its way.</summary>
public sealed class HostTests
{
    [Fact]
    public async Task ConfigurationAloneShips()
    {
        await using var engine = await StrictEngine.StartAsync();
        await using var host = await AuditedHost.StartAsync(settings: new Dictionary<string, string?>
        {
            ["SecurityAudit:Elasticsearch:Url"] = engine.Url.ToString(),
            ["SecurityAudit:Elasticsearch:Linger"] = "00:00:00.05",
        });
        await host.Audit.RecordAsync(SecurityEvents.AuthnLoginSuccess(new AuditUser("1", "alice")));

        await host.ShippedAsync();

        Assert.Null(engine.Complaint);
        Assert.Contains(engine.Stored.Values, source => source.AsSpan().IndexOf("authn_login_success"u8) > 0);
    }

    [Fact]
    public async Task EveryFaultOfTheOptionsIsInOneMessageAndNoSecretIs()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => AuditedHost.StartAsync(audit => audit.ShipToElasticsearch("ftp://x", options =>
        {
            options.ApiKey = "tops3cret";
            options.Username = "elastic";
            options.Fingerprint = "zz";
            options.Namespace = "Not-Allowed";
            options.BatchEvents = 0;
        })));

        Assert.Equal(7, error.Failures.Count());
        Assert.DoesNotContain("tops3cret", error.Message, StringComparison.Ordinal);
        Assert.Contains("SecurityAudit:Elasticsearch:BatchEvents is 0; expected 1 to 10000.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARestartShipsWhatTheLastProcessLeftBehind()
    {
        await using var engine = await StrictEngine.StartAsync();
        using var folder = new TemporaryFolder();
        long left;
        await using (var first = await AuditedHost.StartAsync(folder: folder.Path))
        {
            for (var i = 0; i < 100; i++)
            {
                first.Audit.Record(SecurityEvents.AuthnLoginSuccess(new AuditUser("1", "alice")));
            }

            await first.Journal.FlushAsync();
            left = first.Journal.Size;
        }

        await using var second = await AuditedHost.StartAsync(audit => audit.ShipToElasticsearch(engine.Url.ToString()), folder: folder.Path);
        await second.ShippedAsync();

        Assert.True(engine.Stored.Count >= left + 2);
    }

    [Fact]
    public async Task AnApplicationThatStartsWithoutAJournalGoesOnAndShipsOnceThereIsOne()
    {
        await using var engine = await StrictEngine.StartAsync();
        using var folder = new TemporaryFolder();
        var place = Path.Combine(folder.Path, "audit");
        await File.WriteAllTextAsync(place, "in the journal's place");
        await using var host = await AuditedHost.StartAsync(
            audit => audit.ShipToElasticsearch(engine.Url.ToString(), options => options.Linger = TimeSpan.Zero), folder: folder.Path);
        host.Audit.Record(SecurityEvents.AuthnLoginSuccess(new AuditUser("1", "alice")));
        Assert.False(host.Application.Lifetime.ApplicationStopping.IsCancellationRequested);

        File.Delete(place);

        await EventuallyAsync(() => host.Shipping.Status.Record?.Next > 0);
        host.Audit.Record(SecurityEvents.AuthnLoginSuccess(new AuditUser("1", "alice")));
        await host.ShippedAsync();
        Assert.Contains(engine.Stored.Values, source => source.AsSpan().IndexOf("journal.gap"u8) > 0);
        Assert.Contains(engine.Stored.Values, source => source.AsSpan().IndexOf("authn_login_success"u8) > 0);
    }

    [Fact]
    public async Task ShippingThatStandsStillIsAnEventAndUnhealthyAndSaysWhenItGoesOn()
    {
        await using var engine = await StrictEngine.StartAsync();
        engine.NextStatus(503, times: 2000);
        await using var host = await AuditedHost.StartAsync(audit => audit
            .Configure(options => options.HealthOnFailure = HealthStatus.Unhealthy)
            .ShipToElasticsearch(engine.Url.ToString(), options =>
            {
                options.Linger = TimeSpan.FromMilliseconds(10);
                options.StalledAfter = TimeSpan.FromSeconds(1);
                (options.MinBackoff, options.MaxBackoff) = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
            }));

        await EventuallyAsync(() => JournalHas(host, "audit_shipping_stalled"));
        var sick = await host.Application.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        engine.ClearFaults();
        await EventuallyAsync(() => JournalHas(host, "audit_shipping_resumed"));
        var well = await host.Application.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, sick.Entries["security-audit-elasticsearch"].Status); // as this owner chose; Degraded without
        Assert.Equal(HealthStatus.Healthy, well.Entries["security-audit-elasticsearch"].Status);
        await host.ShippedAsync();
    }

    [Fact]
    public async Task LagRetriesAndBytesAreMeasured()
    {
        await using var engine = await StrictEngine.StartAsync();
        engine.NextStatus(503, times: 3);
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == ElasticsearchExtension.MeterName)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.Start();
        await using var host = await AuditedHost.StartAsync(audit => audit.ShipToElasticsearch(
            engine.Url.ToString(), options => (options.Linger, options.MinBackoff) = (TimeSpan.Zero, TimeSpan.FromMilliseconds(1))));

        await host.ShippedAsync();
        listener.RecordObservableInstruments();

        Assert.True(seen["security_audit.shipping.retries"] >= 3);
        Assert.True(seen["security_audit.shipping.bytes"] > 500);
        Assert.True(seen["security_audit.shipping.events"] >= 2);
        Assert.Contains("security_audit.shipping.lag", seen.Keys);
        Assert.Contains("security_audit.shipping.lag.time", seen.Keys);
    }

    private static bool JournalHas(AuditedHost host, string action) =>
        Directory.GetFiles(host.Directory, "*.jsonl").Any(path =>
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd().Contains(action, StringComparison.Ordinal);
        });

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(20, bound.Token);
        }
    }
}
