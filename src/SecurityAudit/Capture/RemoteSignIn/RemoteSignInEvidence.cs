using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.RemoteSignIn;

/// <summary>What was seen of a provider's answer in the request that carries it.</summary>
internal sealed class RemoteSignInEvidence
{
    /// <summary>
    /// The framework marks with it what a remote handler signs in, and by which scheme, whether or not the application's events let anybody
    /// else see it.
    /// </summary>
    public const string SchemeItem = ".AuthScheme";

    /// <summary>A failure is recorded: whoever refuses it is told first, and the failure that follows from that is the same.</summary>
    public bool IsFailureRecorded { get; private set; }

    /// <summary>The scheme whose ticket was received and whose session is still to be issued.</summary>
    public string? Accepted { get; set; }

    /// <summary>Records, once a request, that a sign-in at a provider failed.</summary>
    /// <param name="request">The provider's answer.</param>
    /// <param name="recorder">Where it is recorded.</param>
    /// <param name="scheme">The remote scheme.</param>
    /// <param name="options">Its options.</param>
    /// <param name="failure">What it failed with; null where the provider says that access was denied.</param>
    /// <param name="hasProperties">The state could be read; null where that was not seen.</param>
    public static void Failed(
        HttpContext request, SecurityRecorder recorder, string scheme, RemoteAuthenticationOptions options, Exception? failure, bool? hasProperties)
    {
        var evidence = RequestEvidence.Of<RemoteSignInEvidence>(request);
        var answer = RequestEvidence.Of<AnswerEvidence>(request);
        answer.SignInFailure ??= failure;
        if (evidence.IsFailureRecorded)
        {
            return;
        }

        evidence.IsFailureRecorded = true;
        answer.IsSignInRefused = true;
        var (reason, severity) = RemoteFailure.Of(request.Request, options, failure, hasProperties);
        recorder.Record((SecurityEvents.AuthnExternalLoginFail(reason) with { Severity = severity })
            .With(EventFields.AuthnScheme, scheme)
            .With(EventFields.AuthnMethod, "external")
            .With(EventFields.AuthnProvider, RemoteProvider.HostOf(options)));
    }
}
