using SecurityAudit.Journal;

namespace SecurityAudit;

/// <summary>Records events of the application's own beside the captured ones. Safe for any thread.</summary>
/// <remarks>
/// Neither method throws for a journal that cannot be written unless the owner chose <see cref="JournalFailureMode.Refuse"/>; then both
/// throw <see cref="JournalUnavailableException"/>, the loss is counted, and the current request is answered with 503 even if the
/// application catches it; the answer of a request that recorded something waits until that is on disk. Under
/// <see cref="JournalFailureMode.Continue"/> the loss is counted and recorded as <c>journal.gap</c> as soon as the journal can be written
/// again.
/// </remarks>
public interface ISecurityAudit
{
    /// <summary>
    /// Puts the event into the journal's buffer, from where it reaches the disk within 50 ms. A process that is killed before that takes
    /// the event along: use <see cref="RecordAsync"/> where that is not acceptable.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and the journal cannot be written.</exception>
    void Record(SecurityEvent securityEvent);

    /// <summary>Records the event and completes when it is on disk (fsync), or after the journal's bounded wait.</summary>
    /// <param name="securityEvent">What happened.</param>
    /// <param name="cancellationToken">
    /// Ends the wait, never the event, and never throws: it is recorded whether the caller waits or not. Under Refuse it is not looked at.
    /// </param>
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and the event did not reach the disk.</exception>
    ValueTask RecordAsync(SecurityEvent securityEvent, CancellationToken cancellationToken = default);
}
