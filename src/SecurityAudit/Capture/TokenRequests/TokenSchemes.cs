using Microsoft.AspNetCore.Authentication;

namespace SecurityAudit.Capture.TokenRequests;

/// <summary>Schemes that issue tokens where others begin a session, by the type of their handler: neither type can be referenced here.</summary>
internal static class TokenSchemes
{
    private const string Bearer = "Microsoft.AspNetCore.Authentication.BearerToken.BearerTokenHandler";
    private const string Server = "OpenIddict.Server.AspNetCore.OpenIddictServerAspNetCoreHandler";

    /// <summary>What it issues is a token of its own format.</summary>
    public static bool IsBearer(AuthenticationScheme? scheme) => Is(scheme, Bearer);

    /// <summary>OpenIddict's server: its tokens are for clients, which may act for somebody.</summary>
    public static bool IsServer(AuthenticationScheme? scheme) => Is(scheme, Server);

    private static bool Is(AuthenticationScheme? scheme, string handler)
    {
        for (var type = scheme?.HandlerType; type is not null; type = type.BaseType)
        {
            if (string.Equals(type.FullName, handler, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
