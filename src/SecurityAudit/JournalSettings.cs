using SecurityAudit.Journal;

namespace SecurityAudit;

/// <summary>The section <c>SecurityAudit:Journal</c>; what only code can give (signer, anchors) goes through <see cref="SecurityAuditBuilder.ConfigureJournal"/>.</summary>
public sealed class JournalSettings
{
    /// <summary>
    /// The journal's directory, relative to the content root; made with mode 0700, its files with 0600. Null, the default: <c>audit</c> under the
    /// content root; where that cannot be written, <c>audit</c> in systemd's state directory of the service, then a directory in the user's own state
    /// directory (<c>~/.local/share/security-audit</c>), then one in the temporary folder. The log says so, and a journal that is there already goes before.
    /// </summary>
    public string? Directory { get; set; }

    /// <summary>What happens while the journal cannot be written: the application goes on, or what cannot be recorded does not happen.</summary>
    public JournalFailureMode FailureMode { get; set; } = JournalFailureMode.Continue;

    /// <summary>A new segment begins at this size, in bytes, 64 KiB to 4 GiB.</summary>
    public long MaxSegmentBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>A new segment begins at this age, one minute to one year.</summary>
    public TimeSpan MaxSegmentAge { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a caller waits for the disk at most, 10 ms to one minute.</summary>
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What may wait in memory for the disk, in bytes, 256 KiB to 1 GiB.</summary>
    public int BufferBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Segments older than this are deleted once an anchor covers them and all who ship the journal have settled them; null: kept for ever.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>Lets <see cref="Retention"/> delete what was not shipped; the journal and the log then say which lines.</summary>
    public bool PruneUnsettled { get; set; }

    /// <summary>The first part of the checkpoints' origin; the journal's id follows after a slash.</summary>
    public string Origin { get; set; } = "security-audit";

    /// <summary>A directory on another volume into which each checkpoint is published, so that a rollback of the journal shows; null: none.</summary>
    public string? AnchorDirectory { get; set; }

    /// <summary>Permits a network file system, whose locks and fsync are often not what they say.</summary>
    public bool AllowNetworkFileSystem { get; set; }
}
