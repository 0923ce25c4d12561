using SecurityAudit.Journal;

namespace SecurityAudit;

/// <summary>
/// The section <c>SecurityAudit:Journal</c>: the journal's own options, and the directories, which only an application knows.
/// </summary>
/// <remarks>
/// Under <see cref="JournalFailureMode.Refuse"/> sign-ins, changes of accounts, audited endpoints and denials are answered with 503 while
/// the journal is down; code outside of requests gets a <see cref="JournalUnavailableException"/>. An answer leaves when what its request
/// recorded is on disk.
/// </remarks>
public sealed class AuditJournalOptions : JournalOptions
{
    /// <summary>
    /// The journal's directory, relative to the content root; made with mode 0700, its files with 0600. Null: <c>audit</c> under the
    /// content root; where that cannot be written, <c>audit</c> in systemd's state directory of the service, then a directory in the user's
    /// own state directory (<c>~/.local/share/security-audit</c>), then one in the temporary folder. The log says so, and a journal that is
    /// there already goes before.
    /// </summary>
    /// <value>A path. Default: <see langword="null"/>.</value>
    public string? Directory { get; set; }

    /// <summary>
    /// A directory on another volume, relative to the content root, into which each checkpoint is published, so that a rollback of the
    /// journal shows.
    /// </summary>
    /// <value>A path. Default: <see langword="null"/>, none.</value>
    public string? AnchorDirectory { get; set; }
}
