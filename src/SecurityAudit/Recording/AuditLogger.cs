using Microsoft.Extensions.Configuration;
using SecurityAudit.Journal;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Settings.Configuration;

namespace SecurityAudit.Recording;

/// <summary>The private Serilog logger: at Verbose, without filters, its one audit sink the journal, the application's sinks behind that.</summary>
internal sealed class AuditLogger : IDisposable
{
    public const string SinkSection = "SecurityAudit:Serilog";

    private readonly Logger _beside;
    private readonly Logger _journal;

    public AuditLogger(JournalWriter journal, AuditMetrics metrics, IEnumerable<SinkConfiguration> sinks, IConfiguration? configuration)
    {
        var beside = new LoggerConfiguration().MinimumLevel.Verbose();
        foreach (var sink in sinks)
        {
            sink.Configure(beside.WriteTo);
        }

        if (configuration?.GetSection(SinkSection).Exists() == true)
        {
            beside.ReadFrom.Configuration(configuration, new ConfigurationReaderOptions { SectionName = SinkSection });
        }

        _beside = beside.CreateLogger();
        _journal = new LoggerConfiguration().MinimumLevel.Verbose().AuditTo.Sink(new JournalSink(journal, _beside, metrics)).CreateLogger();
    }

    /// <summary>Writes to the journal, then beside it; false when the journal dropped it. Throws what the journal threw.</summary>
    public bool Write(LogEvent logEvent)
    {
        _journal.Write(logEvent);
        return JournalSink.Taken;
    }

    public void Dispose()
    {
        _journal.Dispose();
        _beside.Dispose();
    }
}
