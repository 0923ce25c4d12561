using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Capture;
using SecurityAudit.Metrics;
using SecurityAudit.Recording;
using SecurityAudit.Tests.Recording;

namespace SecurityAudit.Tests.Capture;

public sealed class LimitedEventsTests
{
    private static readonly LimitedKind Kind = new("tests", Most: 2, TimeSpan.FromMinutes(10));

    private static SourceNetwork From(string address) => SourceNetwork.Of(IPAddress.Parse(address));

    private static LimitedEvents Limited(RecordedApp app, TimeProvider time) =>
        new(
            app.Services.GetRequiredService<SecurityRecorder>(), time, app.Services.GetRequiredService<AuditMetrics>(), app.Services.GetRequiredService<HookFailures>());

    [Fact]
    public async Task WhatIsLeftOutIsToldWhenTheWindowIsOverAndThenTheSourceBeginsAnew()
    {
        var time = new FakeTimeProvider();
        await using var app = await RecordedApp.Start(_ => { });
        using var limited = Limited(app, time);

        for (var i = 0; i < 7; i++)
        {
            limited.TryRecord(Kind, From("192.0.2.1"), Some.Event("probed") with { Reason = "so" });
        }

        time.Advance(TimeSpan.FromMinutes(9));
        await app.Events("probed", count: 2);
        time.Advance(TimeSpan.FromMinutes(2));
        limited.TryRecord(Kind, From("192.0.2.1"), Some.Event("probed"));

        var probed = await app.Events("probed", count: 4);
        Assert.Equal([null, null, "5", null], probed.Select(e => e.Text("security_audit.repeated")));
        Assert.Equal("so; 5 more within 600 s were not recorded one by one", probed[2].Text("event.reason"));
    }

    [Fact]
    public async Task AWindowThatAnotherEventEndsIsToldAllTheSame()
    {
        var time = new FakeTimeProvider();
        await using var app = await RecordedApp.Start(_ => { });
        using var limited = Limited(app, time);
        for (var i = 0; i < 3; i++)
        {
            limited.TryRecord(Kind with { Window = TimeSpan.FromSeconds(10) }, From("192.0.2.1"), Some.Event("probed"));
        }

        time.Advance(TimeSpan.FromSeconds(20));
        limited.TryRecord(Kind with { Window = TimeSpan.FromSeconds(10) }, From("192.0.2.1"), Some.Event("probed"));
        await limited.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([null, null, null, "1"], (await app.Events("probed", count: 4)).Select(e => e.Text("security_audit.repeated")));
    }

    [Fact]
    public async Task MoreSourcesThanThereIsRoomForAreCountedAndWhatTheyLeftOutIsTold()
    {
        await using var app = await RecordedApp.Start(_ => { });
        using var limited = Limited(app, new FakeTimeProvider());
        using var forgotten = new Count("security_audit.forgotten", app.Services.GetRequiredService<IMeterFactory>());
        for (var i = 0; i < 3; i++)
        {
            limited.TryRecord(Kind, From("192.0.2.1"), Some.Event("first"));
        }

        for (var i = 0; i < LimitedEvents.MostKeys; i++)
        {
            limited.TryRecord(Kind, SourceNetwork.Of(new IPAddress(i)), Some.Event("others"));
        }

        await limited.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, forgotten.Sum);
        Assert.Equal([null, null, "1"], (await app.Events("first", count: 3)).Select(e => e.Text("security_audit.repeated")));
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8::2", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public void ASourceIsAnAddressOrANetworkOf64Bits(string one, string other, bool isSame)
    {
        Assert.Equal(isSame, From(one) == From(other));
        Assert.NotEqual(SourceNetwork.None, From(one));
        Assert.Equal(SourceNetwork.None, SourceNetwork.Of(null));
    }
}
