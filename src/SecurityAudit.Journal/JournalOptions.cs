namespace SecurityAudit.Journal;

/// <summary>How a journal is written. The defaults fit production; <see cref="JournalWriter.Open"/> reports every fault at once.</summary>
public sealed class JournalOptions
{
    /// <summary>A segment that has reached this size is closed and the next one begun.</summary>
    public long MaxSegmentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>A segment of this age is closed and the next one begun, so that retention can work in days.</summary>
    public TimeSpan MaxSegmentAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>What becomes of lines while the journal cannot be written.</summary>
    public JournalFailureMode FailureMode { get; set; } = JournalFailureMode.Continue;

    /// <summary>The longest that a caller waits for the disk; also the longest that closing the journal takes.</summary>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of lines that may wait for the disk; the writer holds two buffers of up to this size.</summary>
    public int BufferBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The longest that a line stays in memory when nobody waits for it.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest that a line stays without a signature over it. A critical line does not wait.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an idle journal signs that nothing has happened.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The name of this journal in its checkpoints, a slash and the log's id follow: like a URL without a scheme.</summary>
    public string Origin { get; set; } = "security-audit";

    /// <summary>A segment is removed when it is older than this and anchored; <see langword="null"/> keeps all for ever.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>Below this many free bytes on the volume the journal is degraded.</summary>
    public long WarnFreeBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>Below this many free bytes on the volume only critical lines are taken.</summary>
    public long CriticalFreeBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>The size of a file that is given up when the volume is full, so that the last lines find room.</summary>
    public long ReserveBytes { get; set; } = 1024 * 1024;

    /// <summary>Writes on a network file system all the same: its locks and its fsync must then be trusted.</summary>
    public bool AllowNetworkFileSystem { get; set; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Called with what the journal has to say about itself, on the thread where it happened: be quick, do not throw.</summary>
    public Action<JournalNotice>? OnNotice { get; set; }
}
