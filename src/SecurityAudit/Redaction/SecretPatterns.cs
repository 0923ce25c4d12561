using System.Text.RegularExpressions;

namespace SecurityAudit.Redaction;

/// <summary>Secrets that are recognised by their shape, wherever they stand. Every pattern runs in linear time: hostile text cannot stall a login.</summary>
internal static partial class SecretPatterns
{
    public const string Mask = "[redacted]";

    public static string Remove(string text)
    {
        if (!MaySecret(text))
        {
            return text;
        }

        text = PrivateKey().Replace(text, Mask);
        text = JsonWebToken().Replace(text, Mask);
        text = AuthorizationScheme().Replace(text, "${keep} " + Mask);
        text = UserInfo().Replace(text, "${keep}" + Mask + "@");
        return Assignment().Replace(text, "${keep}" + Mask);
    }

    /// <summary>Every pattern needs one of these characters.</summary>
    private static bool MaySecret(string text) => text.AsSpan().IndexOfAny(":=- .") >= 0;

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?", RegexOptions.NonBacktracking)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", RegexOptions.NonBacktracking)]
    private static partial Regex JsonWebToken();

    [GeneratedRegex(@"\b(?<keep>Bearer|Basic|ApiKey|Negotiate)\s+[A-Za-z0-9+/=._~-]{6,}", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex AuthorizationScheme();

    [GeneratedRegex("(?<keep>[a-z][a-z0-9+.-]*://)[^/@ ]+@", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex UserInfo();

    [GeneratedRegex("(?<keep>(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|client[_-]?secret|sig)\"?\\s*[=:]\\s*)(?:\"[^\"]*\"|'[^']*'|[^\\s;,&]+)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Assignment();
}
