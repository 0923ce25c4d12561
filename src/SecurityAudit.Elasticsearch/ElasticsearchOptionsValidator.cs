using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch;

/// <summary>Finds every fault of the options at once, and says what would be right. No value of a secret is ever in the message.</summary>
internal sealed partial class ElasticsearchOptionsValidator : IValidateOptions<ElasticsearchOptions>
{
    public ValidateOptionsResult Validate(string? name, ElasticsearchOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.Select(fault => "SecurityAudit:Elasticsearch:" + fault));
    }

    private static IEnumerable<string> Faults(ElasticsearchOptions options)
    {
        if (Nodes.Fault(options) is { } nodes)
        {
            yield return nodes;
        }

        if (options.ApiKey is not null && options.Username is not null)
        {
            yield return "ApiKey and Username are both set. Keep one.";
        }

        if (options.ApiKey is not null && Credentials.Authorization(options) is null)
        {
            yield return "ApiKey is neither 'id:api_key' nor its base64. Copy 'encoded' from the answer that created the key.";
        }

        if (options.Username is null != (options.Password is null))
        {
            yield return "Username and Password go together. Set both or neither.";
        }

        if (Nodes.PlainHttp(options) is { } plain)
        {
            yield return $"Url holds {plain}, and {Credentials.Name(options)} would go there readable for everybody on the way. Use https, or set AllowPlainHttp if you must.";
        }

        if (options.ClientCertificateFile is { } file && !File.Exists(file))
        {
            yield return $"ClientCertificateFile '{file}' does not exist.";
        }

        if (options.Fingerprint is { } pin && Fingerprint.TryParse(pin) is null)
        {
            yield return "Fingerprint is not a SHA-256 in hexadecimal (64 digits, colons allowed).";
        }

        if (options.Proxy is { } proxy && !Uri.TryCreate(proxy, UriKind.Absolute, out _))
        {
            yield return "Proxy is not an absolute URL such as http://proxy:3128.";
        }

        if (!NamespacePattern().IsMatch(options.Namespace))
        {
            yield return $"Namespace '{options.Namespace}' may have lower case letters, digits, dots and underscores, and begins with a letter or digit; at most 100.";
        }

        if (options.BatchEvents is < 1 or > 10_000)
        {
            yield return $"BatchEvents is {options.BatchEvents}; expected 1 to 10000.";
        }

        if (options.BatchBytes is < 128 * 1024 or > 64 * 1024 * 1024)
        {
            yield return $"BatchBytes is {options.BatchBytes}; expected 131072 to 67108864.";
        }

        if (options.Linger < TimeSpan.Zero || options.Linger > TimeSpan.FromMinutes(1))
        {
            yield return $"Linger is {options.Linger}; expected 00:00:00 to 00:01:00.";
        }

        if (options.RequestTimeout < TimeSpan.FromSeconds(1) || options.RequestTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"RequestTimeout is {options.RequestTimeout}; expected 00:00:01 to 00:10:00.";
        }

        if (options.MinBackoff <= TimeSpan.Zero || options.MinBackoff > options.MaxBackoff || options.MaxBackoff > TimeSpan.FromHours(1))
        {
            yield return $"MinBackoff is {options.MinBackoff} and MaxBackoff {options.MaxBackoff}; expected 0 < MinBackoff <= MaxBackoff <= 01:00:00.";
        }

        if (options.StalledAfter < TimeSpan.FromSeconds(1))
        {
            yield return $"StalledAfter is {options.StalledAfter}; expected 00:00:01 or more.";
        }

        if (options.AnchorInterval < TimeSpan.Zero)
        {
            yield return $"AnchorInterval is {options.AnchorInterval}; expected 00:00:00 (never) or more.";
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._]{0,99}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespacePattern();
}
