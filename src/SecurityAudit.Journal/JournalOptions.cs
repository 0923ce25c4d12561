namespace SecurityAudit.Journal;

/// <summary>How a journal is written. The defaults fit production; <see cref="JournalWriter.Open(string, JournalOptions?)"/> reports every fault at once.</summary>
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

    /// <summary>Signs the checkpoints; <see langword="null"/> means a key of its own in <c>keys/journal.pem</c>, made at the first start.</summary>
    public IJournalSigner? Signer { get; set; }

    /// <summary>
    /// The signer until now, when <see cref="Signer"/> is a new one: it vouches for the new key once. <see langword="null"/> means
    /// <c>keys/journal.previous.pem</c> if that exists.
    /// </summary>
    public IJournalSigner? PreviousSigner { get; set; }

    /// <summary>Where checkpoints are published outside the directory; without one, a journal that was cut short cannot be told from a short one.</summary>
    public IList<ICheckpointAnchor> Anchors { get; } = [];

    /// <summary>
    /// A segment is removed when it is older than this, every anchor has a checkpoint over it, and every consumer has settled it
    /// (<see cref="Consumers"/>); <see langword="null"/> keeps all for ever.
    /// </summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>
    /// Who must be done with a line before retention may remove it. Whoever keeps a bookmark file for the log in the journal's folder
    /// <c>shipping</c>, from this process or another, counts beside them, for as long as that file is there.
    /// </summary>
    public IList<IJournalConsumer> Consumers { get; } = [];

    /// <summary>
    /// Lets retention remove segments that a consumer has not settled. Each time it does, the line <c>journal.pruned</c> says which lines were removed
    /// before whom. Default: they stay, which is said, until the volume is full.
    /// </summary>
    public bool PruneUnsettled { get; set; }

    /// <summary>Below this many free bytes on the volume the journal is degraded.</summary>
    public long WarnFreeBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>Below this many free bytes on the volume the journal says that it will soon be full.</summary>
    public long CriticalFreeBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>The size of a file that is given up when the volume is full, so that the last lines find room.</summary>
    public long ReserveBytes { get; set; } = 1024 * 1024;

    /// <summary>Writes on a network file system all the same: its locks and its fsync must then be trusted.</summary>
    public bool AllowNetworkFileSystem { get; set; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Called with what the journal has to say about itself: one notice after another, on a thread of the pool. What it throws is ignored.</summary>
    public Action<JournalNotice>? OnNotice { get; set; }
}
