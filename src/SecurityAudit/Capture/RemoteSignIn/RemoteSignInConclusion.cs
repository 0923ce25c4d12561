using Microsoft.AspNetCore.Authentication;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.RemoteSignIn;

/// <summary>A failed sign-in that went past the events and ended the pipeline, as the framework's handlers end it where nobody answers.</summary>
internal sealed class RemoteSignInConclusion(SecurityRecorder recorder, RemoteSchemes schemes) : IRequestConclusion
{
    public void Conclude(in RequestEnd request)
    {
    }

    public void Threw(in RequestEnd request, Exception exception)
    {
        var context = request.Context;
        if (exception is AuthenticationFailureException { InnerException: { } failure }
            && RequestEvidence.Existing<RemoteSignInEvidence>(context) is not { IsFailureRecorded: true }
            && schemes.At(context.Request.Path) is var (scheme, options))
        {
            RemoteSignInEvidence.Failed(context, recorder, scheme, options, failure, hasProperties: null);
        }
    }
}
