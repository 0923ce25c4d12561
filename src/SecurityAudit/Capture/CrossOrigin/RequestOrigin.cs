using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.CrossOrigin;

/// <summary>An Origin header as it may be shown: scheme, host and port, which is all that a browser puts there.</summary>
/// <param name="Text">What is recorded: ASCII, and at most <see cref="MostCharacters"/> of it.</param>
/// <param name="Origin">Scheme and authority; null of what is no origin.</param>
internal readonly record struct RequestOrigin(string Text, Uri? Origin)
{
    /// <summary>A host name has 253 at most.</summary>
    private const int MostCharacters = 300;

    /// <summary>What somebody else puts there may be anything, a secret too: it is recorded that it was none.</summary>
    public static RequestOrigin Read(string header)
    {
        if (string.Equals(header, "null", StringComparison.Ordinal))
        {
            return new RequestOrigin(header, null);
        }

        return header.Length <= MostCharacters
            && !header.AsSpan().ContainsAnyExceptInRange('!', '~')
            && Uri.TryCreate(header, UriKind.Absolute, out var uri)
            && header.AsSpan(uri.Scheme.Length).StartsWith("://")
            && uri is { Host.Length: > 0, UserInfo: "", PathAndQuery: "/" or "", Fragment: "" }
                ? new RequestOrigin(uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped), uri)
                : new RequestOrigin("(not a valid origin)", null);
    }

    /// <summary>
    /// Whether the application itself is at that origin: by the address asked for, or, where a proxy changed that, by the browser's word,
    /// which no page can put into its mouth. Whoever is no browser gains nothing by it: leaving the Origin out does the same.
    /// </summary>
    public bool IsThatOf(HttpRequest request)
    {
        if (string.Equals(request.Headers["Sec-Fetch-Site"], "same-origin", StringComparison.Ordinal))
        {
            return true;
        }

        // Behind a proxy that ends TLS and does not say so, https arrives as http.
        return Origin is { } origin
            && (IsAt(origin, request.Scheme, request.Host)
                || (string.Equals(request.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal) && IsAt(origin, Uri.UriSchemeHttps, request.Host)));
    }

    private static bool IsAt(Uri origin, string scheme, HostString host) =>
        Uri.TryCreate($"{scheme}://{host.Value}", UriKind.Absolute, out var own)
        && Uri.Compare(origin, own, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
}
