using Microsoft.Extensions.Time.Testing;

namespace SecurityAudit.Shipping.Tests;

public sealed class ShippingAlarmsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero));
    private readonly List<ShippingAlarm> _raised = [];
    private readonly ShippingAlarms _alarms;

    public ShippingAlarmsTests() => _alarms = new ShippingAlarms("the archive", TimeSpan.FromMinutes(5), _time, _raised.Add);

    [Theory]
    [InlineData(nameof(ShippingNoticeKind.DeadLetter), "audit_shipping_refused", "Medium")]
    [InlineData(nameof(ShippingNoticeKind.Redirected), "audit_shipping_refused", "Medium")]
    [InlineData(nameof(ShippingNoticeKind.Doubtful), "audit_shipping_doubtful", "Medium")]
    [InlineData(nameof(ShippingNoticeKind.Skipped), "audit_shipping_gap", "High")]
    [InlineData(nameof(ShippingNoticeKind.Fork), "audit_tampered", "Critical")]
    [InlineData(nameof(ShippingNoticeKind.Waiting), null, null)]
    [InlineData(nameof(ShippingNoticeKind.Paused), null, null)]
    [InlineData(nameof(ShippingNoticeKind.Resumed), null, null)]
    [InlineData(nameof(ShippingNoticeKind.BookmarkLost), null, null)]
    public void WhatAnAuditorShouldKnowIsAnAlarmAndTheRestIsNot(string kind, string? action, string? severity)
    {
        _alarms.Notice(new ShippingNotice(Enum.Parse<ShippingNoticeKind>(kind), "log", "what happened"));

        var alarm = _raised.SingleOrDefault();
        Assert.Equal((action, severity), (alarm?.Action, alarm?.Severity.ToString()));
    }

    [Fact]
    public void TheSameAgainWithinAMinuteIsOneAlarm()
    {
        for (var i = 0; i < 61; i++)
        {
            _alarms.Notice(new ShippingNotice(ShippingNoticeKind.DeadLetter, "log", "refused"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _raised.Count);
    }

    [Fact]
    public void StandingStillWhileLinesWaitIsToldOnceAndSoIsGoingOn()
    {
        var record = new ShippingRecord { Target = "t", LastAnswer = "503 busy" };
        var waiting = new ShippingProgress(_time.GetUtcNow(), _time.GetUtcNow());
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            _alarms.Watch(record, waiting);
        }

        Assert.True(_alarms.IsStalled);
        _alarms.Watch(record, new ShippingProgress(_time.GetUtcNow(), null));

        Assert.False(_alarms.IsStalled);
        Assert.Equal(["audit_shipping_stalled", "audit_shipping_resumed"], _raised.Select(alarm => alarm.Action));
        Assert.Equal("No event has reached the archive since 2026-11-24 03:00:00Z: 503 busy", _raised[0].Message);
    }

    [Fact]
    public void ADestinationThatIsNotThereAtAllIsAStandStillToo()
    {
        _alarms.Standing("no route");
        _time.Advance(TimeSpan.FromMinutes(5));
        _alarms.Standing("no route");

        Assert.Contains("no route", Assert.Single(_raised).Message, StringComparison.Ordinal);
    }
}
