using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture.Denials;

namespace SecurityAudit.Capture.Identity;

/// <summary>Turns what the hooks saw of one attempt to sign in into the events that say what happened.</summary>
/// <remarks>
/// <c>SignInManager</c> tells the outcome and the attempt is decided at once. An application that checks passwords by itself (a JSON web
/// token login) is decided by the answer it gave, when the response is complete.
/// </remarks>
internal sealed class SignInWitness(IdentityRecorder recorder)
{
    private const string WrongPassword = "wrong password";
    private const string LockedOut = "locked out";
    private const string NotAllowed = "not allowed to sign in";
    private const string UnknownUser = "unknown user";

    public static void Claimed(IdentityEvidence evidence, string name)
    {
        lock (evidence)
        {
            // Once the account is known, further look-ups are Identity keeping its normalized columns up to date.
            if (evidence.User is null)
            {
                (evidence.ClaimedName, evidence.Found) = (name, null);
            }
        }
    }

    public static void SignedIn(HttpContext? context, IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        if (evidence is not null)
        {
            lock (evidence)
            {
                evidence.SignedIn = AuditUser.From(context!.User) ?? evidence.Known;
                evidence.Scheme = measured.Scheme;
            }
        }
    }

    public void PasswordVerified(HttpContext? context, IdentityEvidence? evidence, AuditUser user, PasswordVerificationResult result)
    {
        var accepted = result != PasswordVerificationResult.Failed;
        if (evidence is null)
        {
            // No request whose end could tell a sign-in from a change of password; a wrong password is worth knowing either way.
            if (!accepted)
            {
                recorder.Record(Password(SecurityEvents.AuthnLoginFail(user, WrongPassword)));
            }

            return;
        }

        lock (evidence)
        {
            if (evidence.Check is { } other && !string.Equals(other.User.Id, user.Id, StringComparison.Ordinal))
            {
                Decide(context!, evidence, other);
                evidence.NextAttempt();
            }

            evidence.User = user;
            evidence.Checked = true;
            evidence.RehashNeeded = result == PasswordVerificationResult.SuccessRehashNeeded;
            evidence.Check = new PasswordCheck(user, accepted ? null : WrongPassword, Bare: true);
        }
    }

    /// <summary><c>UserManager.CheckPasswordAsync</c> returned.</summary>
    public static void PasswordChecked(IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        if (evidence is null || measured.Result is not { } result)
        {
            return;
        }

        lock (evidence)
        {
            evidence.Check = (result, evidence.Check) switch
            {
                ("user_missing", _) => new PasswordCheck(AuditUser.Claimed(evidence.ClaimedName), UnknownUser),
                (_, { } check) => check with { Bare = false },
                // No hash was compared: the account has no password.
                _ => new PasswordCheck(evidence.Known, "no password set"),
            };
            evidence.Checked = true;
        }
    }

    /// <summary><c>SignInManager.CheckPasswordSignInAsync</c> returned; whether a sign-in follows is up to the application.</summary>
    public static void SignInChecked(IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        var refusal = Refusal(measured);
        if (evidence is null)
        {
            return;
        }

        lock (evidence)
        {
            var locked = refusal is LockedOut && evidence.Checked;
            evidence.Check = evidence.Check is { } check && (locked || refusal is null or WrongPassword)
                ? check with { Bare = false, Locked = locked }
                : new PasswordCheck(evidence.Known, refusal);
        }
    }

    /// <summary><c>SignInManager</c> finished a sign-in of any kind.</summary>
    public void Authenticated(HttpContext? context, IdentityEvidence? evidence, in IdentityMeasurement measured)
    {
        if (evidence is null)
        {
            // Nobody is signed in outside of a request; the hasher has reported a wrong password.
            return;
        }

        lock (evidence)
        {
            if (measured.Type is null or "_OTHER" or "refresh")
            {
                // RefreshSignInAsync renews the session of somebody who is signed in already.
                (evidence.SignedIn, evidence.Scheme) = (null, null);
                return;
            }

            var attempt = new SignInAttempt(evidence, measured.Type, measured.Scheme);
            switch (measured.Result)
            {
                case "success":
                    foreach (var success in attempt.Succeeded(AuditUser.From(context?.User)))
                    {
                        recorder.Record(success);
                    }

                    break;
                case "requires_two_factor":
                    recorder.Record(attempt.Named(SecurityEvents.AuthnMfaChallenge(evidence.Known)));
                    Explained(context);
                    var user = evidence.User;
                    evidence.NextAttempt();
                    // Identity's API endpoints check the second factor within the same request.
                    evidence.User = user;
                    return;
                default:
                    var claimed = attempt.IsSecondFactor ? evidence.User ?? evidence.Saving?.User ?? TwoFactorUser(context) : null;
                    recorder.Record(attempt.Failed(claimed, Refusal(measured)));
                    Explained(context);
                    if (measured.Result is "locked_out" && evidence is { Checked: true, LockRecorded: false })
                    {
                        recorder.Record(SecurityEvents.AuthnLoginLock(claimed ?? evidence.Known, "maxretries"));
                    }

                    break;
            }

            evidence.NextAttempt();
        }
    }

    /// <summary>The response is complete: what is still undecided was no matter of <c>SignInManager</c>.</summary>
    public void Complete(HttpContext context, IdentityEvidence evidence)
    {
        lock (evidence)
        {
            if (evidence.NewHash is { } changed)
            {
                evidence.NewHash = null;
                recorder.Record(changed);
            }

            if (evidence.Check is { } check)
            {
                Decide(context, evidence, check);
            }
            else if (evidence.SignedIn is { } user)
            {
                recorder.Record(SecurityEvents.AuthnLoginSuccess(user).With(Fields.Scheme, evidence.Scheme).With(Fields.Method, "direct"));
            }
            else if (evidence is { User: null, ClaimedName: { } name, Caller: null, AccountWork: false }
                && context.Response.StatusCode == StatusCodes.Status401Unauthorized)
            {
                recorder.Record(Password(SecurityEvents.AuthnLoginFail(AuditUser.Claimed(name), UnknownUser)));
                Explained(context);
            }

            evidence.NextAttempt();
        }
    }

    private void Decide(HttpContext context, IdentityEvidence evidence, PasswordCheck check)
    {
        if (evidence.Caller is not null && evidence.SignedIn is null)
        {
            // Somebody who is signed in was asked for the password again.
            if (check is { Refusal: not null, Bare: false })
            {
                recorder.Record(Password(SecurityEvents.AuthnLoginFail(check.User, check.Refusal)).With("security_audit.authn.reauthentication", true));
            }

            return;
        }

        var refusal = check.Refusal
            ?? (context.Response.StatusCode >= StatusCodes.Status400BadRequest && evidence.SignedIn is null ? "refused although the password was right" : null);
        if (refusal is not null)
        {
            recorder.Record(Password(SecurityEvents.AuthnLoginFail(check.User, refusal)));
            Explained(context);
            if (check.Locked && !evidence.LockRecorded)
            {
                recorder.Record(SecurityEvents.AuthnLoginLock(check.User, "maxretries"));
            }

            return;
        }

        var user = evidence.SignedIn ?? check.User;
        recorder.Record(Password(SignInAttempt.Success(user, evidence.Failures)).With(Fields.Scheme, evidence.Scheme));
    }

    // The 401 with which a login page or endpoint answers a failed sign-in is not a second decision.
    private static void Explained(HttpContext? context)
    {
        if (context is not null)
        {
            RequestEvidence.Of<DenialEvidence>(context).Denied = true;
        }
    }

    private static SecurityEvent Password(SecurityEvent made) => made.With(Fields.Method, "password");

    private static string? Refusal(in IdentityMeasurement measured) => measured.Result switch
    {
        "success" => null,
        "locked_out" => LockedOut,
        "not_allowed" => NotAllowed,
        null => measured.Exception is { } type ? $"ended by {type}" : "unknown",
        _ => WrongPassword,
    };

    // The cookie between the two steps names the account. Identity has read it in this request, so the handler has its answer ready.
    private static AuditUser? TwoFactorUser(HttpContext? context)
    {
        var handler = context?.RequestServices.GetService<IAuthenticationHandlerProvider>()?
            .GetHandlerAsync(context, IdentityConstants.TwoFactorUserIdScheme);
        if (handler is not { IsCompletedSuccessfully: true, Result: { } ready }
            || ready.AuthenticateAsync() is not { IsCompletedSuccessfully: true, Result.Principal: { } principal })
        {
            return null;
        }

        return principal.FindFirstValue(ClaimTypes.Name) is { } id ? new AuditUser(id, null) : null;
    }

    internal static class Fields
    {
        public const string Scheme = "security_audit.authn.scheme";
        public const string Method = "security_audit.authn.method";
        public const string Mfa = "security_audit.authn.mfa";
    }
}
