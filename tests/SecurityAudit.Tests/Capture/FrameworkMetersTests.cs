using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SecurityAudit.Capture;
using SecurityAudit.Journal;
using SecurityAudit.Metrics;

namespace SecurityAudit.Tests.Capture;

public sealed class FrameworkMetersTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CollectingLogger _log = new();

    private IMeterFactory Factory => _services.GetRequiredService<IMeterFactory>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void AnObserverHearsTheInstrumentsItAskedForWithTheirTagsAndNoOthers()
    {
        var limits = new Heard("Microsoft.AspNetCore.RateLimiting");
        var authentication = new Heard("Microsoft.AspNetCore.Authentication");
        using var meters = Start(limits, authentication);

        Factory.Create("Microsoft.AspNetCore.RateLimiting").CreateCounter<long>("requests")
            .Add(2, new KeyValuePair<string, object?>("result", "global_limiter"));
        Factory.Create("Microsoft.AspNetCore.Authentication").CreateHistogram<double>("duration").Record(0.5);
        Factory.Create("Anybody").CreateCounter<int>("other").Add(1);

        Assert.Equal(["requests 2 result=global_limiter"], limits.Measurements);
        Assert.Equal(["duration 0.5 "], authentication.Measurements);
    }

    [Fact]
    public void TheMetersOfAnotherHostInTheProcessAreNotHeard()
    {
        using var other = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var heard = new Heard("Microsoft.AspNetCore.Identity");
        using var meters = Start(heard);

        other.GetRequiredService<IMeterFactory>().Create("Microsoft.AspNetCore.Identity").CreateCounter<long>("count").Add(1);

        Assert.Empty(heard.Measurements);
    }

    [Fact]
    public void AnObserverThatThrowsKeepsNobodyFromAnythingAndIsLogged()
    {
        var heard = new Heard("m");
        using var meters = Start(new Heard("m", new InvalidOperationException("broken")), heard);

        Factory.Create("m").CreateCounter<long>("count").Add(1);

        Assert.Single(heard.Measurements);
        Assert.Contains(_log.Said, message => message.Contains("m, count", StringComparison.Ordinal));
    }

    [Fact]
    public void ARefusalPassesIntoTheOperationThatWasMeasured()
    {
        using var meters = Start(new Heard("m", new JournalUnavailableException("down")));

        Assert.Throws<JournalUnavailableException>(() => Factory.Create("m").CreateCounter<long>("count").Add(1));
    }

    private FrameworkMeters Start(params IMeterObserver[] observers) =>
        new(Factory, observers, Failures());

    private HookFailures Failures() => new(
        [], new ServiceCollection().BuildServiceProvider(), TimeProvider.System, new AuditMetrics(Factory), new LoggerFactory([_log]).CreateLogger<HookFailures>());

    private sealed class Heard(string meter, Exception? failure = null) : IMeterObserver
    {
        public List<string> Measurements { get; } = [];

        public bool Observes(Instrument instrument) => instrument.Meter.Name == meter;

        public void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (failure is not null)
            {
                throw failure;
            }

            var text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            Measurements.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{instrument.Name} {value} {text}"));
        }
    }
}
