using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.SignIns;

/// <summary>
/// Notes what is recorded of a request, by whomever, so that nothing is inferred that is known; and learns where people sign in.
/// </summary>
internal sealed class SignInObserver(CurrentRequest requests, SignInEndpoints endpoints) : IEventObserver
{
    public void Observe(SecurityEvent recorded)
    {
        if (IsOfInterest(recorded.Action) && requests.Context is { } request)
        {
            Note(request, RequestEvidence.Of<SignInEvidence>(request), recorded);
        }
    }

    private static bool IsOfInterest(string action) =>
        action.StartsWith("authn_", StringComparison.Ordinal) || action.StartsWith("malicious_", StringComparison.Ordinal)
        || action.StartsWith("excess_", StringComparison.Ordinal) || action is "session_created" or "authz_fail";

    private void Note(HttpContext request, SignInEvidence evidence, SecurityEvent recorded)
    {
        switch (recorded.Action)
        {
            case "authn_credential_invalid":
                evidence.IsCredentialTold = true;
                break;
            case "authn_login_success" or "authn_login_successafterfail":
                evidence.IsDecided = true;
                if (recorded[EventFields.AuthnMfa] is null && SignInCapture.HasNobody(request))
                {
                    // SignInManager says of each sign-in how it ended; of any other only some are seen.
                    endpoints.Learn(request);
                }

                break;
            case "authn_login_fail" or "authn_mfa_fail":
                evidence.IsDecided = true;
                if (SignInEvidence.IsReported(recorded))
                {
                    var answer = RequestEvidence.Of<AnswerEvidence>(request);
                    (answer.AnswersSignIn, answer.IsSignInRefused) = (true, true);
                }

                break;
            case "authn_mfa_challenge" or "authn_mfa_success" or "authn_external_login_fail" or "authn_token_created" or "session_created":
                evidence.IsDecided = true;
                break;
            default:
                evidence.IsTurnedAway = true;
                break;
        }
    }
}
