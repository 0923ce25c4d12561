using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;
using SecurityAudit.Metrics;
using SecurityAudit.Opening;
using Serilog;
using Serilog.Core;
using Serilog.Settings.Configuration;

namespace SecurityAudit.Recording;

/// <summary>
/// The private Serilog logger: at Verbose, without filters, its one audit sink the journal, the application's sinks behind that, each in a
/// pipeline of its own.
/// </summary>
internal sealed class AuditLogger : IDisposable
{
    public const string SinkSection = "SecurityAudit:Serilog";

    /// <summary>All sinks together get this long to write what is queued when the application stops.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly SinkPipeline[] _beside;
    private readonly Logger _journal;
    private readonly ObjectPool<SerilogProperties> _properties = new DefaultObjectPoolProvider().Create<SerilogProperties>();

    public AuditLogger(
        AuditJournal journal, AuditMetrics metrics, IEnumerable<SinkConfiguration> sinks, IConfiguration? configuration, TimeProvider time, ILogger<AuditLogger> logger)
    {
        _beside = [.. Pipelines(sinks, configuration).Select(pipeline => new SinkPipeline(pipeline.Name, pipeline.Make, metrics, time, logger))];
        _journal = new LoggerConfiguration().MinimumLevel.Verbose().WithObserver().AuditTo.Sink(new JournalSink(journal, _beside, metrics)).CreateLogger();
    }

    /// <summary>The names of the sinks beside the journal.</summary>
    public IEnumerable<string> Names => _beside.Select(sinks => sinks.Name);

    /// <summary>What is wrong with the sinks beside the journal.</summary>
    public IEnumerable<string> Problems => _beside.Select(sinks => sinks.Problem).OfType<string>();

    /// <summary>
    /// Writes a finished event to the journal, then queues it for the sinks beside that; false when the journal dropped it. Throws what the
    /// journal threw.
    /// </summary>
    public bool Write(SecurityEvent finished)
    {
        // Sinks beside the journal keep what they get; the journal does not.
        var properties = _beside.Length == 0 ? _properties.Get() : new SerilogProperties();
        _journal.Write(SerilogEvent.From(finished, properties));
        var taken = properties.Taken;
        if (_beside.Length == 0)
        {
            _properties.Return(properties);
        }

        return taken;
    }

    public void Dispose()
    {
        _journal.Dispose();
        foreach (var sinks in _beside)
        {
            sinks.Complete();
        }

        var stopped = Stopwatch.GetTimestamp();
        foreach (var sinks in _beside)
        {
            var left = StopPatience - Stopwatch.GetElapsedTime(stopped);
            sinks.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            sinks.Dispose();
        }
    }

    private static IEnumerable<(string Name, Func<ILoggingFailureListener, Logger> Make)> Pipelines(IEnumerable<SinkConfiguration> sinks, IConfiguration? configuration)
    {
        foreach (var (number, sink) in sinks.Index())
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"WriteTo {number + 1}"),
                listener => new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Fallible(sink.Configure, listener).CreateLogger());
        }

        if (configuration?.GetSection(SinkSection).Exists() == true)
        {
            yield return (SinkSection, _ => new LoggerConfiguration().MinimumLevel.Verbose()
                .ReadFrom.Configuration(configuration, new ConfigurationReaderOptions { SectionName = SinkSection }).CreateLogger());
        }
    }
}
