using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture.TokenRequests;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Denials;

/// <summary>Records a denial at the moment it is enforced: a challenge, or that somebody is forbidden.</summary>
internal sealed class DenialCapture(SecurityRecorder recorder, JournalGate gate) : AuthenticationCapture
{
    public override async Task ChallengeAsync(
        IAuthenticationService next, HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        var startsRemoteSignIn = scheme is not null
            && Denial.DecidedBy(context, DenialKind.Challenge) is null
            && (await context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>().GetRequestHandlerSchemesAsync())
                .Any(remote => remote.Name == scheme);
        if (!startsRemoteSignIn)
        {
            // Nothing is granted by a denial; but one that is told and not on record would let somebody try doors unseen.
            gate.Demand();
        }

        await next.ChallengeAsync(context, scheme, properties);
        if (!startsRemoteSignIn)
        {
            Denial.Record(context, recorder, DenialKind.Challenge);
        }
    }

    public override async Task ForbidAsync(
        IAuthenticationService next, HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        gate.Demand();
        await next.ForbidAsync(context, scheme, properties);
        // At the token endpoint the server refuses the request by it, which is recorded as that.
        if (OpenIddictTransaction.Of(context) is not { Endpoint: "Token", IsAnswered: true })
        {
            Denial.Record(context, recorder, DenialKind.Forbid);
        }
    }
}
