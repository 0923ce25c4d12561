namespace SecurityAudit.Journal;

/// <summary>A log that may be written: locked, mended, and not behind its anchors.</summary>
internal sealed record OpenedLog(
    string Directory, LogLock Lock, string Id, LogEnd End, long TornBytes, LogAddress Address, AnchorFeeds Anchors)
{
    /// <summary>Where the log stood before it was copied, restored or moved; null when it stands where it was written.</summary>
    public LogAddress? CopiedFrom => End.Address is { } before && Address.IsCopyOf(before) ? before : null;

    /// <summary>
    /// What its next segment has to say at once, in the same write as its header: that it was copied, that it was mended.
    /// </summary>
    public IEnumerable<byte[]> OpeningLines(DateTimeOffset now)
    {
        if (CopiedFrom is { } before)
        {
            yield return ControlPayload.Copied(now, $"The log was written on {before} and stands on {Address}: copied, restored or moved.");
        }

        if (TornBytes > 0 || End.HasUnproven)
        {
            yield return ControlPayload.Recovered(now, TornBytes, End.Proven, End.Tree.Size, Reason);
        }
    }

    private string Reason => (TornBytes > 0, End.HasUnproven) switch
    {
        (true, false) => "A crash left a torn end; it was moved to the quarantine.",
        (false, _) => "A crash left lines that no signature covers; they are kept, but nothing proves who wrote them.",
        _ => "A crash left lines that no signature covers, which are kept though nothing proves who wrote them, and a torn end, which was moved to the quarantine.",
    };
}
