using SecurityAudit.Fields;

namespace SecurityAudit;

/// <summary>A sign-in of which the application itself tells.</summary>
internal static class ReportedSignIn
{
    public static SecurityEvent Failed(AuditUser user, string reason, string? method)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(reason);
        return Of(SecurityEvents.AuthnLoginFail(user, reason), method);
    }

    public static SecurityEvent Succeeded(AuditUser user, string? method)
    {
        ArgumentNullException.ThrowIfNull(user);
        return Of(SecurityEvents.AuthnLoginSuccess(user), method);
    }

    private static SecurityEvent Of(SecurityEvent made, string? method) =>
        made.With(EventFields.AuthnMethod, method).With(EventFields.AuthnEvidence, "reported");
}
