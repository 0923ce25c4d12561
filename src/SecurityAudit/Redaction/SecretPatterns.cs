using System.Buffers;
using System.Text.RegularExpressions;
using SecurityAudit.Fields;

namespace SecurityAudit.Redaction;

/// <summary>
/// Secrets that are recognised by their shape, wherever they stand. Every pattern runs in linear time: hostile text cannot stall a login.
/// </summary>
internal static partial class SecretPatterns
{
    private static readonly SearchValues<string> Schemes =
        SearchValues.Create(["Bearer", "Basic", "ApiKey", "Negotiate"], StringComparison.OrdinalIgnoreCase);

    /// <summary>The text without what looks like a secret, and without what is assigned to a name that is sensitive.</summary>
    public static string Remove(string text, SensitiveNames sensitive)
    {
        // Each pattern runs only where the text has the words without which it cannot match: a search for those costs next to nothing.
        text = text.Contains("-----BEGIN", StringComparison.Ordinal) ? PrivateKey().Replace(text, AuditFields.Mask) : text;
        text = text.Contains("eyJ", StringComparison.Ordinal) ? JsonWebToken().Replace(text, AuditFields.Mask) : text;
        text = text.AsSpan().ContainsAny(Schemes) ? AuthorizationScheme().Replace(text, "${keep} " + AuditFields.Mask) : text;
        text = text.Contains("://", StringComparison.Ordinal) ? UserInfo().Replace(text, "${keep}" + AuditFields.Mask + "@") : text;
        return Assignments.Mask(text, sensitive);
    }

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?", RegexOptions.NonBacktracking)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)*", RegexOptions.NonBacktracking)]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"\b(?<keep>Bearer|Basic|ApiKey|Negotiate)\s+[A-Za-z0-9+/=._~-]{6,}", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex AuthorizationScheme();

    [GeneratedRegex("(?<keep>[a-z][a-z0-9+.-]*://)[^/\\s]+@", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();
}
