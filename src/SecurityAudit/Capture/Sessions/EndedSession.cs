namespace SecurityAudit.Capture.Sessions;

/// <summary>A session that was ended before its time: its cookie is still good for whoever holds a copy.</summary>
/// <param name="How"><c>signed out</c> or <c>revoked</c>.</param>
/// <param name="At">When it was ended.</param>
/// <param name="Until">When its credential expires by itself.</param>
internal sealed record EndedSession(string How, DateTimeOffset At, DateTimeOffset Until);
