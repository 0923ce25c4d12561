using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.SignIns;

/// <summary>Adds to a credential that a scheme did not accept which name or which key was tried, as a keyed hash.</summary>
internal sealed class CredentialAttempts(Pseudonyms pseudonyms)
{
    // The certificate that the connection has; none is asked for.
    private SecurityEvent WithCertificate(HttpContext context, SecurityEvent made) =>
        context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate
            ? made.With(EventFields.CredentialHash, pseudonyms.Of(certificate.Thumbprint))
            : made;

    /// <summary>The event as it is to be recorded; null where the application has told of this very attempt.</summary>
    /// <param name="context">The request.</param>
    /// <param name="made">What the scheme's failure means.</param>
    /// <param name="isTicket">The credential is a ticket of the framework's own, which names nobody.</param>
    /// <param name="unreadable">The ticket, where it could not be decrypted.</param>
    public SecurityEvent? Describe(HttpContext context, SecurityEvent made, bool isTicket, string? unreadable)
    {
        if (made.Action is not "authn_credential_invalid")
        {
            return made;
        }

        if (isTicket)
        {
            return unreadable is null ? made : made.With(EventFields.CredentialHash, pseudonyms.Of(unreadable));
        }

        if (PresentedCredential.OnlyOne(context.Request) is not { } presented)
        {
            return PresentedCredential.HasAny(context.Request) ? made : WithCertificate(context, made);
        }

        var told = presented.AddTo(made, pseudonyms);
        return SignInEvidence.IsToldAlready(context, told) ? null : told;
    }
}
