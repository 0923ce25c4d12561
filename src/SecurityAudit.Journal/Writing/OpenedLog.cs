namespace SecurityAudit.Journal;

/// <summary>A log that may be written: locked, mended, and not behind its anchors.</summary>
internal sealed record OpenedLog(string Directory, LogLock Lock, string Id, LogEnd End, long TornBytes, AnchorFeeds Anchors);
