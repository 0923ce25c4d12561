using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.Redirects;

/// <summary>Addresses at another host, as a browser understands them.</summary>
internal static class ForeignAddress
{
    private const int Longest = 4096;

    /// <summary>The address, where a browser would leave the request's host for it; null otherwise.</summary>
    public static Uri? Read(string? text, HttpRequest request)
    {
        if (text is not { Length: > 2 and <= Longest })
        {
            return null;
        }

        // To a browser a backslash is a slash, and two of them begin a host.
        var isWithoutScheme = text[0] is '/' or '\\' && text[1] is '/' or '\\';
        var address = isWithoutScheme ? $"{request.Scheme}://{text.AsSpan(2).TrimStart("/\\")}" : text;
        return !IsOwn(address, request)
            && Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && !string.Equals(uri.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
                ? uri
                : null;
    }

    /// <summary>It begins with the request's own scheme and host, as most do: seen without taking it apart.</summary>
    private static bool IsOwn(string address, HttpRequest request)
    {
        var host = request.Host.Value;
        var rest = address.AsSpan();
        return host is { Length: > 0 }
            && rest.StartsWith(request.Scheme, StringComparison.OrdinalIgnoreCase)
            && rest[request.Scheme.Length..] is [':', '/', '/', .. var behind]
            && behind.StartsWith(host, StringComparison.OrdinalIgnoreCase)
            && behind[host.Length..] is [] or ['/' or '?' or '#', ..];
    }
}
