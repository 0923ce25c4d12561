using SecurityAudit.Enrichment;
using SecurityAudit.Fields;
using SecurityAudit.Redaction;

namespace SecurityAudit.Capture.ProtectedData;

/// <summary>Records that something protected could not be decrypted, by the purpose of its protector; never what it was.</summary>
internal sealed class DecryptionFailures(CurrentRequest requests, LimitedEvents events, HookFailures failures)
{
    /// <summary>Purposes of people's own (one a user) would fill the field.</summary>
    private const int LongestPurpose = 200;

    private static readonly LimitedKind Kind = new("decrypt_failures", Most: 10, TimeSpan.FromMinutes(1));

    /// <summary>Never throws.</summary>
    public void Record(string purposes)
    {
        try
        {
            Tell(purposes);
        }
        catch (Exception failure)
        {
            failures.Failed(this, failure);
        }
    }

    private void Tell(string purposes)
    {
        if (IsToldElsewhere(purposes))
        {
            return;
        }

        var request = requests.Context;
        var failed = SecurityEvents.CryptDecryptFail($"what is protected for {(purposes.Length > LongestPurpose ? purposes[..LongestPurpose] + "…" : purposes)}")
            with { Reason = "it was altered, or made with another key, or for another purpose" };
        var address = request?.Connection.RemoteIpAddress;
        if (request is not null)
        {
            failed = failed.With(EventFields.Method, request.Request.Method).With(EventFields.SourceIp, TypedValue.TextOf(address))
                with { User = AuditUser.From(request.User) };
        }

        events.TryRecord(Kind, SourceNetwork.Of(address), failed, purposes);
    }

    /// <summary>
    /// Cookies, bearer tokens and the state of a sign-in elsewhere are told as credentials that are not valid, a forged form as that, a token
    /// of Identity's (to reset a password, say) as a change that was refused. A refresh token is no credential of a scheme.
    /// </summary>
    private static bool IsToldElsewhere(string purposes) =>
        purposes.StartsWith("Microsoft.AspNetCore.Antiforgery.", StringComparison.Ordinal)
        || purposes is "DataProtectorTokenProvider"
        || (purposes.StartsWith("Microsoft.AspNetCore.Authentication.", StringComparison.Ordinal)
            && !purposes.EndsWith(", RefreshToken", StringComparison.Ordinal));
}
