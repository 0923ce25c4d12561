namespace SecurityAudit.Journal;

/// <summary>The <c>event.action</c> of the lines that the journal writes about itself.</summary>
internal static class ControlAction
{
    /// <summary>The first line of every segment.</summary>
    public const string Opened = "journal.opened";

    /// <summary>A signed statement about the lines before.</summary>
    public const string Checkpoint = "journal.checkpoint";

    /// <summary>What a crash left was taken over: a torn tail was cut off, lines that no signature covers were adopted.</summary>
    public const string Recovered = "journal.recovered";

    /// <summary>The log stands elsewhere than where it was written: copied, restored or moved.</summary>
    public const string Copied = "journal.copied";

    /// <summary>Lines could not be recorded.</summary>
    public const string Gap = "journal.gap";

    /// <summary>The writer ended in order.</summary>
    public const string Closed = "journal.closed";

    /// <summary>Segments past their time were removed.</summary>
    public const string Pruned = "journal.pruned";

    /// <summary>Another key signs from here on.</summary>
    public const string KeyChanged = "journal.key_changed";
}
