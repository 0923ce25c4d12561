namespace SecurityAudit.Journal;

/// <summary>The names of a control line's own fields.</summary>
internal static class ControlFields
{
    /// <summary>How the member that makes a line a control line begins; it stands first in the payload.</summary>
    public static ReadOnlySpan<byte> Marker => "\"event.action\":\"journal."u8;

    public const string Format = "security_audit.journal.format";
    public const string Frontier = "security_audit.journal.frontier";
    public const string Root = "security_audit.journal.root";
    public const string Size = "security_audit.journal.size";
    public const string Checkpoint = "security_audit.journal.checkpoint";
    public const string VerifierKey = "security_audit.journal.verifier_key";
    public const string Endorsement = "security_audit.journal.endorsement";
    public const string Host = "security_audit.journal.host";
    public const string Device = "security_audit.journal.device";
    public const string Inode = "security_audit.journal.inode";
    public const string CheckpointInterval = "security_audit.journal.checkpoint_interval";
    public const string Process = "security_audit.journal.process";
    public const string Dropped = "security_audit.journal.dropped";
    public const string From = "security_audit.journal.from";
    public const string To = "security_audit.journal.to";
    public const string Reason = "security_audit.journal.reason";
}
