namespace SecurityAudit.Journal;

/// <summary>
/// Something about the journal itself that its owner should hear at once: it goes to the application's log and to alerts.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Message">What was found, what was expected, what to do.</param>
/// <param name="Error">The error behind it, when there is one.</param>
public sealed record JournalNotice(JournalNoticeKind Kind, string Message, Exception? Error = null);
