namespace SecurityAudit.Journal;

/// <summary>
/// How a journal is written. The defaults fit production; <see cref="JournalWriter.Open(string, JournalOptions?)"/> reports every fault at
/// once.
/// </summary>
public class JournalOptions
{
    /// <summary>A segment that has reached this size is closed and the next one begun.</summary>
    /// <value>In bytes, 4,096 to 1,073,741,824 (the last segment is read into memory after a crash). Default: 64 MiB.</value>
    public long MaxSegmentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>A segment of this age is closed and the next one begun, so that retention can work in days.</summary>
    /// <value>One second to 366 days. Default: one day.</value>
    public TimeSpan MaxSegmentAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>What becomes of lines while the journal cannot be written.</summary>
    /// <value><see cref="JournalFailureMode.Continue"/> by default.</value>
    public JournalFailureMode FailureMode { get; set; } = JournalFailureMode.Continue;

    /// <summary>The longest that a caller waits for the disk; also the longest that closing the journal takes.</summary>
    /// <value>One millisecond to ten minutes. Default: 5 s.</value>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of lines that may wait for the disk; the writer holds two buffers of up to this size.</summary>
    /// <value>In bytes, 262,144 to 536,870,912. Default: 8 MiB.</value>
    public int BufferBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The longest that a line stays in memory when nobody waits for it.</summary>
    /// <value>One millisecond to one hour. Default: 50 ms.</value>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest that a line stays without a signature over it. A critical line does not wait.</summary>
    /// <value>One millisecond to one day. Default: 1 s.</value>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an idle journal signs that nothing has happened.</summary>
    /// <value>One millisecond to one day. Default: 60 s.</value>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The name of this journal in its checkpoints, a slash and the log's id follow: like a URL without a scheme.</summary>
    /// <value>Without spaces, plus signs and control characters. Default: <c>security-audit</c>.</value>
    public string Origin { get; set; } = "security-audit";

    /// <summary>
    /// Signs the checkpoints; <see langword="null"/> means a key of its own in <c>keys/journal.pem</c>, made at the first start.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public IJournalSigner? Signer { get; set; }

    /// <summary>
    /// The signer until now, when <see cref="Signer"/> is a new one: it vouches for the new key once. <see langword="null"/> means
    /// <c>keys/journal.previous.pem</c> if that exists.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public IJournalSigner? PreviousSigner { get; set; }

    /// <summary>
    /// Where checkpoints are published outside the directory; without one, a journal that was cut short cannot be told from a short one.
    /// </summary>
    /// <value>Default: none.</value>
    public IList<ICheckpointAnchor> Anchors { get; } = [];

    /// <summary>
    /// A segment is removed when it is older than this, every anchor has a checkpoint over it, and every consumer has settled it
    /// (<see cref="Consumers"/>); <see langword="null"/> keeps all for ever.
    /// </summary>
    /// <value>One millisecond to 36,600 days, with at least one anchor. Default: <see langword="null"/>.</value>
    public TimeSpan? Retention { get; set; }

    /// <summary>
    /// Who must be done with a line before retention may remove it. Whoever keeps a bookmark file for the log in the journal's folder
    /// <c>shipping</c>, from this process or another, counts beside them, for as long as that file is there.
    /// </summary>
    /// <value>Default: none.</value>
    public IList<IJournalConsumer> Consumers { get; } = [];

    /// <summary>
    /// Lets retention remove segments that a consumer has not settled. Each time it does, the line <c>journal.pruned</c> says which lines
    /// were removed before whom. Default: they stay, which is said, until the volume is full.
    /// </summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool PruneUnsettled { get; set; }

    /// <summary>Below this many free bytes on the volume the journal is degraded.</summary>
    /// <value>In bytes, 0 or more. Default: 512 MiB.</value>
    public long WarnFreeBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>Below this many free bytes on the volume the journal says that it will soon be full.</summary>
    /// <value>In bytes, 0 or more. Default: 64 MiB.</value>
    public long CriticalFreeBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>The size of a file that is given up when the volume is full, so that the last lines find room.</summary>
    /// <value>In bytes, 0 (no reserve) or more. Default: 1 MiB.</value>
    public long ReserveBytes { get; set; } = 1024 * 1024;

    /// <summary>Writes on a network file system all the same: its locks and its fsync must then be trusted.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool AllowNetworkFileSystem { get; set; }

    /// <summary>The clock.</summary>
    /// <value>Default: the system's.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Called with what the journal has to say about itself: one notice after another, on a thread of the pool. What it throws is ignored.
    /// </summary>
    /// <value>Default: <see langword="null"/>.</value>
    public Action<JournalNotice>? OnNotice { get; set; }
}
