using System.Text.RegularExpressions;

namespace SecurityAudit.Redaction;

/// <summary>Secrets that are recognised by their shape, wherever they stand. Every pattern runs in linear time: hostile text cannot stall a login.</summary>
internal static partial class SecretPatterns
{
    public const string Mask = "[redacted]";

    /// <summary>The text without what looks like a secret, and without what is assigned to a name that is sensitive.</summary>
    public static string Remove(string text, SensitiveNames sensitive)
    {
        if (!MaySecret(text))
        {
            return text;
        }

        text = PrivateKey().Replace(text, Mask);
        text = JsonWebToken().Replace(text, Mask);
        text = AuthorizationScheme().Replace(text, "${keep} " + Mask);
        text = UserInfo().Replace(text, "${keep}" + Mask + "@");
        return Assignments.Mask(text, sensitive);
    }

    /// <summary>Every pattern needs one of these.</summary>
    private static bool MaySecret(string text) => text.AsSpan().IndexOfAny(":=- ") >= 0 || text.Contains("eyJ", StringComparison.Ordinal);

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?", RegexOptions.NonBacktracking)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*", RegexOptions.NonBacktracking)]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"\b(?<keep>Bearer|Basic|ApiKey|Negotiate)\s+[A-Za-z0-9+/=._~-]{6,}", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex AuthorizationScheme();

    [GeneratedRegex("(?<keep>[a-z][a-z0-9+.-]*://)[^/\\s]+@", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();
}
