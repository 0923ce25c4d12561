using Microsoft.AspNetCore.Authentication;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// What an authentication handler's failure means: a forgery, an expired session, or one that was revoked. No text of it is read.
/// </summary>
internal static class CredentialFailure
{
    /// <param name="scheme">The scheme that failed.</param>
    /// <param name="failure">What it failed with.</param>
    /// <param name="reason">Why a token was not accepted, where that is known.</param>
    /// <param name="ticket">What is known of the credential, of a scheme with tickets of the framework's own.</param>
    /// <param name="isRevoked">The application ended the session while the request authenticated.</param>
    public static SecurityEvent Event(string? scheme, Exception failure, string? reason, TicketFailure? ticket, bool isRevoked)
    {
        return (reason, ticket, isRevoked) switch
        {
            (TokenFailure.Expired, _, _) or (null, TicketFailure.Expired, _) => Ended("expired", EventSeverity.Low),
            (TokenFailure.Ended, _, _) => Ended(TokenFailure.Ended, EventSeverity.Low),
            ({ } named, _, _) => SecurityEvents.AuthnCredentialInvalid(scheme ?? "unknown", named),
            (_, TicketFailure.Unreadable, _) => SecurityEvents.AuthnCredentialInvalid(
                scheme ?? "unknown", "the credential could not be decrypted: altered, or made with another key"),
            (_, _, true) => Ended("revoked", EventSeverity.Medium),
            (_, TicketFailure.Rejected, _) => Ended("no longer accepted", EventSeverity.Medium),
            // What the framework makes of the text that a handler gives; the text may hold anything.
            _ when failure is AuthenticationFailureException => SecurityEvents.AuthnCredentialInvalid(scheme ?? "unknown", "the scheme's handler refused it"),
            _ => SecurityEvents.AuthnCredentialInvalid(scheme ?? "unknown", failure.GetType().Name),
        };

        SecurityEvent Ended(string why, EventSeverity severity) =>
            (SecurityEvents.SessionExpired(null, why) with { Severity = severity }).With(EventFields.AuthnScheme, scheme);
    }
}
