using System.Buffers;
using SecurityAudit.Journal;
using SecurityAudit.Metrics;
using SecurityAudit.Opening;
using Serilog.Core;
using Serilog.Events;

namespace SecurityAudit.Recording;

/// <summary>The one audit sink: the journal first, and only what the journal took goes on to the sinks beside it.</summary>
/// <remarks>
/// Throws <see cref="JournalUnavailableException"/> when the journal refuses; <c>AuditTo</c> carries that to the recorder.
/// </remarks>
internal sealed class JournalSink(AuditJournal journal, SinkPipeline[] beside, AuditMetrics metrics) : ILogEventSink
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    private readonly Lock _order = new();

    public void Emit(LogEvent logEvent)
    {
        var properties = (SerilogProperties)logEvent.Properties;
        var buffer = s_buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        EcsJson.Write(buffer, logEvent, properties);

        properties.Taken = beside.Length == 0 ? Append(buffer.WrittenSpan, logEvent) : AppendInOrder(buffer.WrittenSpan, logEvent);
        if (properties.Taken)
        {
            metrics.Recorded();
        }
        else
        {
            metrics.Dropped();
        }
    }

    private bool Append(ReadOnlySpan<byte> json, LogEvent logEvent) =>
        journal.Append(json, critical: logEvent.Level == LogEventLevel.Fatal) >= 0;

    /// <summary>
    /// One event at a time, so that the sinks get them in the journal's order. An outage of the journal is waited for once, not once an
    /// event.
    /// </summary>
    private bool AppendInOrder(ReadOnlySpan<byte> json, LogEvent logEvent)
    {
        lock (_order)
        {
            if (!Append(json, logEvent))
            {
                return false;
            }

            foreach (var sinks in beside)
            {
                sinks.Post(logEvent, json.Length);
            }

            return true;
        }
    }
}
