using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Detection;
using SecurityAudit.Metrics;

namespace SecurityAudit.Tests.Detection;

public sealed class DetectionServiceTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(SomeAttempt.Noon);
    private readonly RecordingAudit _audit = new();
    private readonly CollectingLogger _log = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SecurityAuditOptions _options = new();
    private DetectionQueue? _queue;

    private DetectionQueue Queue => _queue ??= new DetectionQueue(Options.Create(_options));

    [Fact]
    public async Task AnAttackInTheRecordedEventsIsRecordedAsAnAlert()
    {
        using var service = await StartAsync(new RuleDetector(DetectionRules.PasswordSpraying, _time, new DetectionLimits()));
        foreach (var attempt in SomeAttempt.Spray(5, 20))
        {
            Queue.Observe(attempt);
        }

        Assert.Equal("alert_password_spraying", (await _audit.NextAsync()).Action);
        await service.StopAsync(CancellationToken.None);
        Assert.Empty(_audit.Recorded);
        Assert.StartsWith("Password spraying: Somebody at 203.0.113.7", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARuleThatThrowsIsLoggedAndCountedAndTheOthersGoOn()
    {
        using var service = await StartAsync(new Broken(), new RuleDetector(DetectionRules.PasswordSpraying, _time, new DetectionLimits()));
        foreach (var attempt in SomeAttempt.Spray(5, 15))
        {
            Queue.Observe(attempt);
        }

        Assert.Equal("alert_password_spraying", (await _audit.NextAsync()).Action);
        await service.StopAsync(CancellationToken.None);
        Assert.Equal(15, service.Failures);
        Assert.Equal(
            ["1.", "2.", "4.", "8."],
            _log.Lines.Where(line => line.StartsWith("Detection failed in Broken and goes on", StringComparison.Ordinal)).Select(line => line.Split(": ")[1]));
    }

    [Fact]
    public async Task AnAlertThatTheJournalRefusesDoesNotStopTheLoop()
    {
        using var service = await StartAsync(new RuleDetector(DetectionRules.PasswordSpraying, _time, new DetectionLimits()));
        _audit.Refuses = true;
        foreach (var attempt in SomeAttempt.Spray(5, 15))
        {
            Queue.Observe(attempt);
        }

        await Eventually(() => service.Failures == 1);
        _audit.Refuses = false;
        foreach (var attempt in SomeAttempt.Spray(5, 15, "198.51.100.9"))
        {
            Queue.Observe(attempt);
        }

        Assert.Equal("198.51.100.9", (await _audit.NextAsync())["source.ip"]);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task EventsThatFindNoRoomAreCountedAndRecorded()
    {
        for (var n = 0; n < DetectionQueue.Capacity + 25; n++)
        {
            Queue.Observe(SecurityEvents.Activity("order.place"));
        }

        using var service = await StartAsync();
        await Eventually(() => Queue.Events.Count == 0);
        _time.Advance(DetectionService.ReviewInterval);

        var gap = await _audit.NextAsync();
        Assert.Equal("audit_gap", gap.Action);
        Assert.Equal("Detection could not keep up: 25 events were recorded and not watched.", gap.Message);
        await service.StopAsync(CancellationToken.None);
        Assert.Empty(_audit.Recorded);
    }

    [Fact]
    public async Task TheSummaryOfAnAttackComesWithTheClock()
    {
        using var service = await StartAsync(new RuleDetector(DetectionRules.PasswordSpraying, _time, new DetectionLimits()));
        foreach (var attempt in SomeAttempt.Spray(5, 20))
        {
            Queue.Observe(attempt);
        }

        await _audit.NextAsync();
        await Eventually(() => Queue.Events.Count == 0);
        _time.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal("summary", (await _audit.NextAsync())["security_audit.alert.stage"]);
        await service.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task DetectionThatConfigurationSwitchesOffWatchesNothing()
    {
        _options.Detection.Enabled = false;
        using var service = await StartAsync(new Broken());
        foreach (var attempt in SomeAttempt.Spray(5, 15))
        {
            Queue.Observe(attempt);
        }

        await service.StopAsync(CancellationToken.None);
        Assert.Equal((0, 0), (Queue.Events.Count, service.Failures));
    }

    [Fact]
    public void AlertsAreNotWatchedThemselves()
    {
        Queue.Observe(SomeAttempt.On("user-0") with { Kind = "alert" });

        Assert.Equal(0, Queue.Events.Count);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task<DetectionService> StartAsync(params IDetector[] detectors)
    {
        var service = new DetectionService(
            Queue, detectors, _audit, new AuditMetrics(_services.GetRequiredService<IMeterFactory>()), _time, _log);
        await service.StartAsync(CancellationToken.None);
        return service;
    }

    private static async Task Eventually(Func<bool> condition)
    {
        var met = condition();
        for (var deadline = Environment.TickCount64 + 10_000; !met && Environment.TickCount64 < deadline; met = condition())
        {
            await Task.Delay(5);
        }

        Assert.True(met);
    }

    private sealed class Broken : IDetector
    {
        public IReadOnlyList<Alert> Observe(SecurityEvent recorded) => throw new InvalidOperationException("a rule with a bug");

        public IReadOnlyList<Alert> Review() => throw new InvalidOperationException("a rule with a bug");
    }

    private sealed class RecordingAudit : ISecurityAudit
    {
        public ConcurrentQueue<SecurityEvent> Recorded { get; } = [];

        public bool Refuses { get; set; }

        public void Record(SecurityEvent securityEvent)
        {
            if (Refuses)
            {
                throw new SecurityAudit.Journal.JournalUnavailableException("the disk is full");
            }

            Recorded.Enqueue(securityEvent);
        }

        public ValueTask RecordAsync(SecurityEvent securityEvent, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async Task<SecurityEvent> NextAsync()
        {
            SecurityEvent? next = null;
            await Eventually(() => Recorded.TryDequeue(out next));
            return next!;
        }
    }

    private sealed class CollectingLogger : ILogger<DetectionService>
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IEnumerable<string> Lines => _lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));
    }
}
