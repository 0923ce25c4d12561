using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture.TokenRequests;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Denials;

/// <summary>Records a denial at the moment it is enforced: a challenge, or that somebody is forbidden.</summary>
internal sealed class DenialCapture(SecurityRecorder recorder, JournalGate gate) : IChallengeCapture, IForbidCapture
{
    public async Task ChallengeAsync(AuthenticationCall call, NextOperation next)
    {
        var context = call.Context;
        var startsRemoteSignIn = call.Scheme is { } scheme
            && Denial.DecidedBy(context, DenialKind.Challenge) is null
            && (await context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>().GetRequestHandlerSchemesAsync())
                .Any(remote => remote.Name == scheme);
        if (!startsRemoteSignIn)
        {
            // Nothing is granted by a denial; but one that is told and not on record would let somebody try doors unseen.
            gate.Demand();
        }

        await next.InvokeAsync(call);
        if (!startsRemoteSignIn)
        {
            Denial.Record(context, recorder, DenialKind.Challenge);
        }
    }

    public async Task ForbidAsync(AuthenticationCall call, NextOperation next)
    {
        var context = call.Context;
        gate.Demand();
        await next.InvokeAsync(call);
        // At the token endpoint the server refuses the request by it, which is recorded as that.
        if (OpenIddictTransaction.Of(context) is not { Endpoint: "Token", IsAnswered: true })
        {
            Denial.Record(context, recorder, DenialKind.Forbid);
        }
    }
}
