using Microsoft.AspNetCore.Authentication;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// Why OpenIddict did not accept a token: its handlers fail with one text for all, and say in the properties which error it was, by a number
/// that is the same in every language.
/// </summary>
internal static class OpenIddictFailure
{
    /// <summary>The reason, or null of a failure that is not OpenIddict's.</summary>
    public static string? ReasonOf(AuthenticateResult result) =>
        result.Properties?.GetString(".error") is not { } error ? null
        : result.Properties.GetString(".error_uri") is not { } uri ? Unnumbered(error)
        : uri[(uri.LastIndexOf('/') + 1)..] switch
        {
            "ID2004" or "ID2008" or "ID2089" => "the token is not valid",
            "ID2013" => "the token was used before",
            "ID2019" => TokenFailure.Ended,
            "ID2023" => TokenFailure.Ended,
            "ID2088" => TokenFailure.WrongIssuer,
            "ID2090" => TokenFailure.UnknownKey,
            "ID2091" => "the token's signature is not valid",
            "ID2093" or "ID2094" => TokenFailure.WrongAudience,
            _ => Unnumbered(error),
        };

    private static string Unnumbered(string error) => $"the token was not accepted: {ProviderError.Named(error)}";
}
