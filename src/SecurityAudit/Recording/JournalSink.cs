using System.Buffers;
using SecurityAudit.Journal;
using Serilog.Core;
using Serilog.Events;

namespace SecurityAudit.Recording;

/// <summary>The one audit sink: the journal first, and only what the journal took goes on to the sinks beside it.</summary>
/// <remarks>Throws <see cref="JournalUnavailableException"/> when the journal refuses; <c>AuditTo</c> carries that to the recorder.</remarks>
internal sealed class JournalSink(JournalWriter journal, ILogEventSink beside, AuditMetrics metrics) : ILogEventSink
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    [ThreadStatic]
    private static bool s_taken;

    /// <summary>Whether the journal took the event that this thread emitted last: Serilog's pipeline returns nothing.</summary>
    public static bool Taken => s_taken;

    public void Emit(LogEvent logEvent)
    {
        s_taken = false;
        var buffer = s_buffer ??= new ArrayBufferWriter<byte>(4096);
        buffer.ResetWrittenCount();
        EcsJson.Write(buffer, logEvent);

        if (journal.Append(buffer.WrittenSpan, critical: logEvent.Level == LogEventLevel.Fatal) < 0)
        {
            metrics.Dropped();
            return;
        }

        s_taken = true;
        metrics.Recorded();
        beside.Emit(logEvent);
    }
}
