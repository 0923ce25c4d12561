using System.Collections.Frozen;

namespace SecurityAudit.Capture;

/// <summary>
/// Why a JSON web token was not accepted: the type of the exception says it. The types are those of <c>Microsoft.IdentityModel.Tokens</c>,
/// which this package does not reference and an application may lack.
/// </summary>
internal static class TokenFailure
{
    /// <summary>The reason that says that the token's time is over.</summary>
    public const string Expired = "expired";

    /// <summary>The reason of one whose time is over, or that was revoked: which of them was not said.</summary>
    public const string Ended = "no longer valid: expired or revoked";

    public const string UnknownKey = "the key that signed the token is not known";
    public const string WrongIssuer = "the token's issuer is not accepted";
    public const string WrongAudience = "the token is meant for somebody else";

    private const string Prefix = "Microsoft.IdentityModel.Tokens.SecurityToken";

    private static readonly FrozenDictionary<string, string> Reasons = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [Prefix + "ExpiredException"] = Expired,
        [Prefix + "NotYetValidException"] = "the token is not valid yet",
        [Prefix + "NoExpirationException"] = "the token has no end",
        [Prefix + "InvalidLifetimeException"] = "the token's times are not valid",
        [Prefix + "InvalidSignatureException"] = "the token's signature is not valid",
        [Prefix + "SignatureKeyNotFoundException"] = UnknownKey,
        [Prefix + "InvalidSigningKeyException"] = "the key that signed the token is not valid",
        [Prefix + "InvalidIssuerException"] = WrongIssuer,
        [Prefix + "InvalidAudienceException"] = WrongAudience,
        [Prefix + "InvalidAlgorithmException"] = "the token's algorithm is not accepted",
        [Prefix + "InvalidTypeException"] = "the token's type is not accepted",
        [Prefix + "ReplayDetectedException"] = "the token was used before",
        [Prefix + "DecryptionFailedException"] = "the token could not be decrypted",
        [Prefix + "EncryptionKeyNotFoundException"] = "the key that encrypted the token is not known",
        [Prefix + "MalformedException"] = "the token is malformed",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The full names of the exceptions that are known.</summary>
    public static IReadOnlyList<string> Types => Reasons.Keys;

    /// <summary>The token may be a good one of another scheme's.</summary>
    public static bool IsForeign(string? reason) => reason is UnknownKey or WrongIssuer or WrongAudience;

    /// <summary>The reason that a table has for the exception's type, or for the nearest that it derives from.</summary>
    public static string? ReasonIn(FrozenDictionary<string, string> reasons, Exception failure)
    {
        for (var type = failure.GetType(); type is not null; type = type.BaseType)
        {
            if (type.FullName is { } name && reasons.TryGetValue(name, out var reason))
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>
    /// The reason, or null for a failure of another kind. Of several validators that refused, each for its own reason, none is the reason.
    /// </summary>
    public static string? ReasonOf(Exception failure)
    {
        if (failure is AggregateException several)
        {
            var reasons = several.InnerExceptions.Select(ReasonOf).Distinct(StringComparer.Ordinal).ToList();
            return reasons is [var one] ? one : null;
        }

        return ReasonIn(Reasons, failure);
    }
}
