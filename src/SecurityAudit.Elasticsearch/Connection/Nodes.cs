using System.Text;

namespace SecurityAudit.Elasticsearch.Connection;

/// <summary>The addresses in the options, without credentials, each ending in a slash.</summary>
internal static class Nodes
{
    public static IReadOnlyList<Uri> Of(ElasticsearchOptions options) =>
        options.CloudId is { Length: > 0 } cloud
            ? [CloudId(cloud) ?? throw new FormatException("CloudId is not one of Elastic Cloud's.")]
            : [.. Split(options.Url).Select(part => Parse(part) ?? throw new FormatException("Url is not an address."))];

    public static string? Fault(ElasticsearchOptions options)
    {
        if (options.CloudId is { Length: > 0 } cloud)
        {
            if (options.Url is { Length: > 0 })
            {
                return "Url and CloudId are both set. Keep one.";
            }

            return CloudId(cloud) is null ? "CloudId is not 'name:base64' as Elastic Cloud shows it." : null;
        }

        var parts = Split(options.Url);
        if (parts.Length == 0)
        {
            return "Url is empty. Set the node's address, e.g. https://elastic.example:9200, or CloudId.";
        }

        return Array.Exists(parts, part => Parse(part) is null)
            ? "Url holds what is not an http or https address, or an address with a user name in it. Write https://host:9200, and credentials into Username and Password."
            : null;
    }

    /// <summary>
    /// The first node to which credentials would go unencrypted over a network, unless the owner permits that; null: none.
    /// </summary>
    public static Uri? PlainHttp(ElasticsearchOptions options) =>
        options.AllowPlainHttp || Credentials.Name(options) is null || Fault(options) is not null ? null : Of(options).FirstOrDefault(IsPlainHttp);

    /// <summary>Does what is sent there pass a network unencrypted?</summary>
    public static bool IsPlainHttp(Uri address) => address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback;

    /// <summary><c>name:base64(host[:port]$elasticsearch[:port]$kibana)</c>.</summary>
    public static Uri? CloudId(string cloud)
    {
        Span<byte> decoded = stackalloc byte[1024];
        if (!Convert.TryFromBase64String(cloud[(cloud.LastIndexOf(':') + 1)..], decoded, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(decoded[..length]).Split('$');
        if (parts.Length < 2 || parts[0].Length == 0 || parts[1].Length == 0)
        {
            return null;
        }

        var (domain, domainPort) = WithPort(parts[0], "443");
        var (id, port) = WithPort(parts[1], domainPort);
        return Uri.TryCreate($"https://{id}.{domain}:{port}/", UriKind.Absolute, out var uri) ? uri : null;
    }

    private static (string Host, string Port) WithPort(string text, string otherwise) =>
        text.Split(':') is [var host, var port] ? (host, port) : (text, otherwise);

    private static string[] Split(string? url) =>
        (url ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text.EndsWith('/') ? text : text + "/", UriKind.Absolute, out var uri)
        && (uri.Scheme is "http" or "https") && uri.UserInfo.Length == 0 && uri.Query.Length == 0
            ? uri
            : null;
}
