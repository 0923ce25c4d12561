using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace SecurityAudit.Tests.Redaction;

/// <summary>
/// Secrets that are told from everything else, each with the place that it was put into, and every form in which a journal could hold them:
/// as they are, escaped, encoded, and hashed without a key, whole or by their parts.
/// </summary>
internal sealed class MarkedSecrets
{
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    /// <summary>A secret such as people choose: it looks like nothing that a pattern knows.</summary>
    public string Word(string place) => Given($"lemon tree 'n {_places.Count + 100} Äpfel!", place);

    /// <summary>A secret of letters alone, for places where nothing else may stand.</summary>
    public string Plain(string place) => Given("gooseberry" + (char)('a' + (_places.Count / 26)) + (char)('a' + (_places.Count % 26)), place);

    /// <summary>A secret such as programs make.</summary>
    public string Random(string place) => Given("Zx8kQ2v" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10)) + "R7wLp", place);

    /// <summary>A secret that somebody else made, as a cookie's value.</summary>
    public string Given(string secret, string place)
    {
        _places.Add(secret, place);
        return secret;
    }

    public int Count => _places.Count;

    /// <summary>What of the secrets stands in the text, each with its place and its form.</summary>
    public List<string> FoundIn(string text) =>
        [.. _places.SelectMany(secret => Forms(secret.Key)
            .Where(form => text.Contains(form.Text, StringComparison.OrdinalIgnoreCase))
            .Select(form => $"{secret.Value}: {form.Name}"))];

    private static IEnumerable<(string Name, string Text)> Forms(string secret)
    {
        yield return ("as it is", secret);
        yield return ("escaped for JSON", System.Text.Json.JsonEncodedText.Encode(secret).ToString());
        yield return ("escaped for HTML", WebUtility.HtmlEncode(secret));
        yield return ("escaped for an address", Uri.EscapeDataString(secret));
        yield return ("escaped for a form", WebUtility.UrlEncode(secret));
        yield return ("backwards", new string([.. secret.Reverse()]));
        foreach (var bytes in (byte[][])[Encoding.UTF8.GetBytes(secret), Encoding.Unicode.GetBytes(secret), Encoding.UTF8.GetBytes(secret.ToUpperInvariant())])
        {
            foreach (var form in Encoded(bytes))
            {
                yield return form;
            }

            foreach (var algorithm in (HashAlgorithmName[])
                [HashAlgorithmName.MD5, HashAlgorithmName.SHA1, HashAlgorithmName.SHA256, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512])
            {
                // The first 96 bits are as good to guess against as the whole.
                foreach (var (form, text) in Encoded(CryptographicOperations.HashData(algorithm, bytes)[..12]))
                {
                    yield return ($"{algorithm.Name}, {form}", text);
                }
            }
        }
    }

    /// <summary>Of base64 what does not depend on what stands before and after, at each of the three places that the text may begin at.</summary>
    private static IEnumerable<(string Name, string Text)> Encoded(byte[] bytes)
    {
        yield return ("hexadecimal", Convert.ToHexString(bytes));
        for (var before = 0; before < 3; before++)
        {
            byte[] shifted = [.. new byte[before], .. bytes];
            var whole = shifted.Length / 3 * 3;
            var start = before == 0 ? 0 : 4;
            yield return ("base64", Convert.ToBase64String(shifted, 0, whole)[start..]);
            yield return ("base64url", Base64Url.EncodeToString(shifted.AsSpan(0, whole))[start..]);
        }
    }
}
