using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.SignIns;

/// <summary>Adds to a credential that a scheme did not accept which name or which key was tried, as a keyed hash.</summary>
internal sealed class CredentialAttempts(Pseudonyms pseudonyms)
{
    /// <summary>The event as it is to be recorded; null where the application has told of this very attempt.</summary>
    /// <param name="context">The request.</param>
    /// <param name="made">What the scheme's failure means.</param>
    /// <param name="isTicket">The credential is a ticket of the framework's own, which names nobody.</param>
    public SecurityEvent? Describe(HttpContext context, SecurityEvent made, bool isTicket)
    {
        if (isTicket || made.Action is not "authn_credential_invalid" || PresentedCredential.OnlyOne(context.Request) is not { } presented)
        {
            return made;
        }

        var told = presented.AddTo(made, pseudonyms);
        return SignInEvidence.IsToldAlready(context, told) ? null : told;
    }
}
