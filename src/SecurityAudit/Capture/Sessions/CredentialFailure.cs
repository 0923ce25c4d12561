using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Sessions;

/// <summary>What an authentication handler's failure means: a forgery, an expired session, or one that was revoked.</summary>
internal static class CredentialFailure
{
    public static SecurityEvent Event(string? scheme, Exception failure, bool revoked)
    {
        // The cookie handler's own words, in CookieAuthenticationHandler; other handlers name it in the exception's type.
        if (failure.Message == "Ticket expired" || failure.GetType().Name.Contains("Expired", StringComparison.Ordinal))
        {
            return SecurityEvents.SessionExpired(null, "expired").With(EventFields.AuthnScheme, scheme);
        }

        if (revoked)
        {
            return (SecurityEvents.SessionExpired(null, "revoked") with { Severity = EventSeverity.Medium }).With(EventFields.AuthnScheme, scheme);
        }

        var reason = failure.GetType().Name is var type && failure.Message is "Unprotect ticket failed" or "Ticket missing" or "Unprotected token failed" or "Unprotect token failed"
            ? "the credential could not be decrypted: altered, or made with another key"
            : type;
        return SecurityEvents.AuthnCredentialInvalid(scheme ?? "unknown", reason);
    }
}
