using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.SignIns;

/// <summary>
/// The credential that a request carries in a header: by what scheme, for whom or with which key. Of what is secret in it nothing is kept
/// but a keyed hash.
/// </summary>
/// <param name="Scheme">The word before it, <c>Basic</c> say, or the header's name.</param>
/// <param name="Name">The name in it, of Basic.</param>
/// <param name="Key">The key or token, of any other.</param>
internal sealed record PresentedCredential(string Scheme, string? Name, string? Key)
{
    // A header of any length is the sender's to choose.
    private const int MaxLength = 8192;

    // Of the sender's own words only these are recorded: any other may be the key itself.
    private static readonly string[] Schemes =
        ["Basic", "Bearer", "ApiKey", "Api-Key", "Key", "Token", "Digest", "Negotiate", "NTLM", "HMAC", "Hawk", "DPoP", "SharedKey", "Signature"];

    private static readonly string[] KeyHeaders = ["X-Api-Key", "X-ApiKey", "Api-Key", "ApiKey", "X-Api-Token", "X-Auth-Token", "X-Access-Token"];

    /// <summary>Such a request asks, and brings nothing that could be a sign-in.</summary>
    public static bool IsRead(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    /// <summary>Null where the request carries none.</summary>
    public static PresentedCredential? Of(HttpRequest request)
    {
        if (request.Headers.Authorization is { Count: > 0 } authorization && authorization[0] is { Length: > 0 } text)
        {
            return FromAuthorization(text);
        }

        foreach (var name in KeyHeaders)
        {
            if (request.Headers.TryGetValue(name, out var keys) && keys is [{ Length: > 0 } key, ..])
            {
                return new PresentedCredential(name, null, Cut(key));
            }
        }

        return null;
    }

    /// <summary>The same; null where it carries more than one, of which nobody can tell which a scheme did not accept.</summary>
    public static PresentedCredential? OnlyOne(HttpRequest request) => Count(request) == 1 ? Of(request) : null;

    /// <summary>It carries one, or more.</summary>
    public static bool HasAny(HttpRequest request) => Count(request) > 0;

    /// <summary>The event with the name or the key that was tried.</summary>
    public SecurityEvent AddTo(SecurityEvent made, Pseudonyms pseudonyms) => Key is null
        ? made with { User = made.User ?? AuditUser.Claimed(Name) }
        : made.With(EventFields.CredentialHash, pseudonyms.Of(Key));

    private static int Count(HttpRequest request) =>
        Array.FindAll([HeaderNames.Authorization, .. KeyHeaders], request.Headers.ContainsKey).Length;

    private static PresentedCredential FromAuthorization(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || Array.Find(Schemes, known => text.AsSpan(0, space).Equals(known, StringComparison.OrdinalIgnoreCase)) is not { } scheme)
        {
            return new PresentedCredential("Authorization", null, Cut(text));
        }

        var rest = text[(space + 1)..].Trim();
        return scheme is "Basic"
            ? new PresentedCredential(scheme, NameOf(rest), null)
            : new PresentedCredential(scheme, null, Cut(rest));
    }

    private static string? NameOf(string encoded)
    {
        if (encoded.Length > MaxLength)
        {
            return null;
        }

        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return null;
        }

        var colon = bytes.AsSpan(0, length).IndexOf((byte)':');
        return colon > 0 ? Encoding.UTF8.GetString(bytes, 0, colon) : null;
    }

    private static string Cut(string key) => key.Length <= MaxLength ? key : key[..MaxLength];
}
