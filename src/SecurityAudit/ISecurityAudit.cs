using SecurityAudit.Journal;

namespace SecurityAudit;

/// <summary>Records events of the application's own beside the captured ones. Safe for any thread.</summary>
/// <remarks>
/// No method throws for a journal that cannot be written unless the owner chose <see cref="JournalFailureMode.Refuse"/>; then each
/// throws <see cref="JournalUnavailableException"/>, the loss is counted, and the current request is answered with 503 even if the
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

    /// <summary>
    /// Somebody was refused by sign-in code of the application's own, which no hook sees into: the one call that closes the gap. Recorded
    /// as <c>authn_login_fail</c>, once: where a hook saw the same sign-in of the same request, the two are one event, whichever told first.
    /// </summary>
    /// <param name="user">
    /// Whose account it is: <see cref="AuditUser.Claimed"/> with what was typed where no account answers to it; then no more than its keyed
    /// hash is recorded.
    /// </param>
    /// <param name="reason">Why, in a few words, <c>wrong password</c> say. Never what was typed.</param>
    /// <param name="method">How they tried to sign in: <c>password</c>, <c>api_key</c>, …</param>
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and the journal cannot be written.</exception>
    void SignInFailed(AuditUser user, string reason, string? method = null) => Record(ReportedSignIn.Failed(user, reason, method));

    /// <inheritdoc cref="SignInFailed"/>
    /// <remarks>Completes as <see cref="RecordAsync"/> does.</remarks>
    ValueTask SignInFailedAsync(AuditUser user, string reason, string? method = null, CancellationToken cancellationToken = default) =>
        RecordAsync(ReportedSignIn.Failed(user, reason, method), cancellationToken);

    /// <summary>
    /// Sign-in code of the application's own let somebody in. Recorded as <c>authn_login_success</c>, once: where a hook saw the same sign-in
    /// of the same request, the two are one event. A session that is issued for it is another event, <c>session_created</c>.
    /// </summary>
    /// <param name="user">Whose account it is.</param>
    /// <param name="method">How they signed in: <c>password</c>, <c>api_key</c>, …</param>
    /// <exception cref="JournalUnavailableException">The owner chose Refuse, and the journal cannot be written.</exception>
    void SignedIn(AuditUser user, string? method = null) => Record(ReportedSignIn.Succeeded(user, method));

    /// <inheritdoc cref="SignedIn"/>
    /// <remarks>Completes as <see cref="RecordAsync"/> does: call it before the session or token is handed out.</remarks>
    ValueTask SignedInAsync(AuditUser user, string? method = null, CancellationToken cancellationToken = default) =>
        RecordAsync(ReportedSignIn.Succeeded(user, method), cancellationToken);
}
