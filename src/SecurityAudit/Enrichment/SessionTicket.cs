using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Enrichment;

/// <summary>The random id that is put into each ticket at sign-in, so that all events of one session can be joined.</summary>
/// <remarks>It travels encrypted inside the cookie or bearer token; only its keyed hash is recorded.</remarks>
internal static class SessionTicket
{
    // Short, as the id is: each request that carries the cookie pays some ten bytes a character for it.
    private const string Item = ".sid";

    public static string? IdOf(HttpContext? request) =>
        IdOf(request?.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties);

    public static string? IdOf(AuthenticationProperties? properties) => properties?.GetString(Item);

    public static string Issue(AuthenticationProperties properties)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        properties.SetString(Item, id);
        return id;
    }
}
