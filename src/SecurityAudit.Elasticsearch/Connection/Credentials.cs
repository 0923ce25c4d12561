using System.Net.Http.Headers;
using System.Text;

namespace SecurityAudit.Elasticsearch.Connection;

internal static class Credentials
{
    /// <summary>The header that proves who asks, or null for nobody (or for a key that is none).</summary>
    public static AuthenticationHeaderValue? Authorization(ElasticsearchOptions options)
    {
        if (options.ApiKey is { Length: > 0 } key)
        {
            return Encoded(key) is { } encoded ? new AuthenticationHeaderValue("ApiKey", encoded) : null;
        }

        return options.Username is { Length: > 0 } user
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}")))
            : null;
    }

    /// <summary>What would be sent, by the name of its option; null: nothing.</summary>
    public static string? Name(ElasticsearchOptions options) =>
        options.ApiKey is { Length: > 0 } ? nameof(options.ApiKey) : options.Username is { Length: > 0 } ? nameof(options.Password) : null;

    private static string? Encoded(string key)
    {
        if (key.Contains(':', StringComparison.Ordinal))
        {
            return Convert.ToBase64String(Encoding.UTF8.GetBytes(key));
        }

        Span<byte> decoded = stackalloc byte[Math.Min(key.Length, 4096)];
        return Convert.TryFromBase64String(key, decoded, out var length) && decoded[..length].Contains((byte)':') ? key : null;
    }
}
