using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.SignIns;

/// <summary>
/// What is known of signing in within one request, so that one sign-in is one event: what a hook saw, what the application said of it, and
/// what could be inferred. Used by whatever runs for the request, in parallel too.
/// </summary>
internal sealed class SignInEvidence
{
    /// <summary>More sign-ins than this in one request are not matched with what the application says of them.</summary>
    private const int Most = 64;

    private readonly Lock _lock = new();
    private readonly List<Told> _told = [];

    /// <summary>A sign-in, or that one was refused, is on record or under way to it.</summary>
    public bool IsDecided { get; set; }

    /// <summary>That a credential was not valid is on record.</summary>
    public bool IsCredentialTold { get; set; }

    /// <summary>Something else turned the request away, or sent it elsewhere to sign in: nothing was decided about a sign-in.</summary>
    public bool IsTurnedAway { get; set; }

    /// <summary>The account for which a session was issued, and by which scheme.</summary>
    public (AuditUser Account, string Scheme)? Session { get; set; }

    /// <summary>
    /// True where the other of the two, a hook or the application, has told of this very sign-in: each of them tells of it once. Whom
    /// neither can name is taken for the same.
    /// </summary>
    public static bool IsToldAlready(HttpContext request, SecurityEvent made)
    {
        if (made.Action is not ("authn_login_success" or "authn_login_successafterfail" or "authn_login_fail" or "authn_mfa_fail" or "authn_credential_invalid"))
        {
            return false;
        }

        var evidence = RequestEvidence.Of<SignInEvidence>(request);
        evidence.IsDecided = true;
        return evidence.Matches(new Told(made.User, made.Outcome == EventOutcome.Success, IsReported(made)));
    }

    /// <summary>The application itself says so.</summary>
    public static bool IsReported(SecurityEvent made) => made[EventFields.AuthnEvidence] is "reported";

    /// <summary>A hook or the application has told that this account's credential was right.</summary>
    public bool HasSignedIn(AuditUser account)
    {
        lock (_lock)
        {
            return _told.Exists(told => told is { Succeeded: true, Account: { } signedIn } && IsSame(signedIn, account));
        }
    }

    private bool Matches(Told told)
    {
        lock (_lock)
        {
            var other = _told.FindIndex(other => other.IsReported != told.IsReported && other.Succeeded == told.Succeeded && IsSame(other.Account, told.Account));
            if (other >= 0)
            {
                _told.RemoveAt(other);
                return true;
            }

            if (_told.Count < Most)
            {
                _told.Add(told);
            }

            return false;
        }
    }

    private static bool IsSame(AuditUser? one, AuditUser? other)
    {
        if (one is null or { Id: null, Name: null } || other is null or { Id: null, Name: null })
        {
            return true;
        }

        return one.Id is not null && other.Id is not null
            ? string.Equals(one.Id, other.Id, StringComparison.Ordinal)
            : one.Name is null || other.Name is null || string.Equals(one.Name, other.Name, StringComparison.OrdinalIgnoreCase)
                || string.Equals(one.Email, other.Name, StringComparison.OrdinalIgnoreCase) || string.Equals(one.Name, other.Email, StringComparison.OrdinalIgnoreCase);
    }

    private sealed record Told(AuditUser? Account, bool Succeeded, bool IsReported);
}
