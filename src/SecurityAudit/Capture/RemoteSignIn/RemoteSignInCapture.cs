using System.Security.Claims;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.RemoteSignIn;

/// <summary>
/// A sign-in at a provider has succeeded when its session is issued. Where that is a step only, of ASP.NET Core Identity's, Identity decides.
/// </summary>
internal sealed class RemoteSignInCapture(SecurityRecorder recorder, JournalGate gate, RemoteSchemes schemes) : ISignInCapture
{
    public Task SignInAsync(AuthenticationCall call, ClaimsPrincipal principal, NextOperation next)
    {
        var (context, scheme, properties, _) = call;
        var remote = RequestEvidence.Existing<RemoteSignInEvidence>(context)?.Accepted ?? properties?.GetString(RemoteSignInEvidence.SchemeItem);
        if (remote is not null && SessionTicket.IdOf(properties) is null && schemes.Of(remote) is { } options)
        {
            if (RequestEvidence.Existing<RemoteSignInEvidence>(context) is { } evidence)
            {
                evidence.Accepted = null;
            }

            if (!IdentitySchemes.IsBookkeeping(scheme ?? options.SignInScheme))
            {
                gate.Demand();
                recorder.Record(SecurityEvents.AuthnLoginSuccess(AuditUser.From(principal) ?? new AuditUser(null, principal.Identity?.Name))
                    .With(EventFields.AuthnScheme, remote)
                    .With(EventFields.AuthnMethod, "external")
                    .With(EventFields.AuthnProvider, RemoteProvider.HostOf(options)));
            }
        }

        return next.InvokeAsync(call);
    }
}
