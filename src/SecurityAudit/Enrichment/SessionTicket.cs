using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Enrichment;

/// <summary>The random id that is put into each ticket at sign-in, so that all events of one session can be joined.</summary>
/// <remarks>It travels encrypted inside the cookie or bearer token; only its keyed hash is recorded.</remarks>
internal static class SessionTicket
{
    private const string Item = ".SecurityAudit.session";

    public static string? IdOf(HttpContext? request) =>
        IdOf(request?.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties);

    public static string? IdOf(AuthenticationProperties? properties) => properties?.GetString(Item);

    public static string Issue(AuthenticationProperties properties)
    {
        var id = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        properties.SetString(Item, id);
        return id;
    }
}
