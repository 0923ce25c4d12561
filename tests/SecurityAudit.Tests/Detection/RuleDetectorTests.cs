using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Detection;

namespace SecurityAudit.Tests.Detection;

/// <summary>What memory holds is the whole process's: nothing else may run meanwhile.</summary>
[CollectionDefinition("Memory", DisableParallelization = true)]
public sealed class MemoryTests;

[Collection("Memory")]
public sealed class RuleDetectorTests
{
    private readonly FakeTimeProvider _time = new(SomeAttempt.Noon);

    [Fact]
    public void AnEventThatNoRuleCaresAboutCostsNoMemory()
    {
        var detector = Detector(new DetectionLimits());
        var order = SecurityEvents.Activity("order.place");
        detector.Observe(order);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 10_000; n++)
        {
            detector.Observe(order);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void TenThousandSourcesWithHostileNamesStayWithinTheLimits()
    {
        var detector = Detector(new DetectionLimits());
        var name = new string('x', 4096);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var round = 0; round < 12; round++)
        {
            for (var source = 0; source < 12_000; source++)
            {
                detector.Observe(SomeAttempt.On($"{name}{round % 4}\u202e\0", $"10.{source >> 16}.{(source >> 8) & 255}.{source & 255}"));
            }
        }

        Assert.Equal(10_000, detector.Groups);
        Assert.InRange(detector.Observations, 10_000, 100_000);
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before <= 40_000_000, "beside it other tests free memory, so it may be below 0");
        GC.KeepAlive(detector);
    }

    [Fact]
    public void NamesThatBeginAlikeAreToldApart()
    {
        var name = new string('x', 4096);

        Assert.Single(Detector(new DetectionLimits()).ObserveAll(Enumerable.Range(0, 15).Select(n => SomeAttempt.On($"{name}{n}"))));
    }

    [Fact]
    public void TheLeastRecentlyActiveSourceIsForgottenFirst()
    {
        var detector = Detector(new DetectionLimits(Groups: 2));
        detector.ObserveAll(SomeAttempt.Spray(7, 14, "198.51.100.1"));
        detector.ObserveAll(SomeAttempt.Spray(7, 13, "198.51.100.2"));
        detector.Observe(SomeAttempt.On("user-0", "198.51.100.1") with { Action = "order.place" });
        detector.Observe(SomeAttempt.On("user-6", "198.51.100.3"));

        Assert.Single(detector.ObserveAll(SomeAttempt.Spray(7, 2, "198.51.100.2")));
        Assert.Empty(detector.ObserveAll(SomeAttempt.Spray(7, 1, "198.51.100.1")));
        Assert.Equal(2, detector.Groups);
    }

    [Fact]
    public void TheObservationsOfAllSourcesTogetherAreLimited()
    {
        var detector = Detector(new DetectionLimits(Observations: 100));
        detector.ObserveAll(Enumerable.Range(0, 50).SelectMany(n => SomeAttempt.Spray(7, 14, $"198.51.100.{n}")));

        Assert.InRange(detector.Observations, 1, 100);
        Assert.Equal(7, detector.Groups);
    }

    [Fact]
    public void ASourceThatIsForgottenAfterAnAlertIsSummedUpFirst()
    {
        var detector = Detector(new DetectionLimits(Groups: 1));
        detector.ObserveAll(SomeAttempt.Spray(5, 20, "198.51.100.1"));

        var alert = Assert.Single(detector.Observe(SomeAttempt.On("user-0", "198.51.100.2")));
        Assert.True(alert.IsSummary);
        Assert.Equal(("198.51.100.1", 5), (alert.Group, alert.Attempts));
    }

    [Fact]
    public void AnEventWithoutAnAccountIsLeftAlone()
    {
        var detector = Detector(new DetectionLimits());
        var attempt = SomeAttempt.On("user-0");

        detector.Observe(attempt with { User = null });

        Assert.Equal(0, detector.Groups);
    }

    [Fact]
    public void EventsWithoutASourceAreOfOneSource()
    {
        var detector = Detector(new DetectionLimits());

        var alert = Assert.Single(SomeAttempt.Spray(accounts: 6, attempts: 15).Select(attempt => attempt with { Fields = [] }).SelectMany(detector.Observe));

        Assert.Equal(1, detector.Groups);
        Assert.Null(alert.ToEvent()["source.ip"]);
        Assert.StartsWith("Somebody at an unknown address is trying", alert.ToEvent().Message, StringComparison.Ordinal);
    }

    private RuleDetector Detector(DetectionLimits limits) => new(DetectionRules.PasswordSpraying, _time, limits);
}
