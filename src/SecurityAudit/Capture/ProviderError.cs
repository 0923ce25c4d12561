using System.Collections.Frozen;

namespace SecurityAudit.Capture;

/// <summary>
/// The error codes that OAuth 2.0, OpenID Connect and their extensions name. Whatever else stands there may be anything, a secret as well, and
/// is not recorded.
/// </summary>
internal static class ProviderError
{
    private static readonly FrozenSet<string> Codes = new[]
    {
        "access_denied", "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope", "server_error",
        "temporarily_unavailable", "invalid_client", "invalid_grant", "unsupported_grant_type", "interaction_required", "login_required",
        "account_selection_required", "consent_required", "invalid_request_uri", "invalid_request_object", "request_not_supported",
        "request_uri_not_supported", "registration_not_supported", "unmet_authentication_requirements", "invalid_target", "invalid_token",
        "insufficient_scope", "authorization_pending", "slow_down", "expired_token", "unsupported_token_type", "invalid_dpop_proof",
        "use_dpop_nonce", "insufficient_user_authentication", "missing_token", "insufficient_access",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The code, or words that say that it is none.</summary>
    public static string Named(string? code) => code is not null && Codes.Contains(code) ? code : "an error that no standard names";
}
