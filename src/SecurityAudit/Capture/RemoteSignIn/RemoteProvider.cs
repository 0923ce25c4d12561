using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;

namespace SecurityAudit.Capture.RemoteSignIn;

/// <summary>Which provider a remote scheme asks, as its options say.</summary>
internal static class RemoteProvider
{
    private const string OpenIdConnect = "Microsoft.AspNetCore.Authentication.OpenIdConnect.OpenIdConnectOptions";

    // A package of its own, which this one does not reference and an application may lack; named whole, so that trimming keeps the properties.
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
    private static readonly Type? OpenIdConnectOptions = Type.GetType(
        "Microsoft.AspNetCore.Authentication.OpenIdConnect.OpenIdConnectOptions, Microsoft.AspNetCore.Authentication.OpenIdConnect", throwOnError: false);

    private static readonly PropertyInfo? Authority = OpenIdConnectOptions?.GetProperty("Authority");
    private static readonly PropertyInfo? MetadataAddress = OpenIdConnectOptions?.GetProperty("MetadataAddress");

    /// <summary>The host and port of the provider; null where the options do not say it in a way that is known.</summary>
    public static string? HostOf(RemoteAuthenticationOptions options) => options switch
    {
        OAuthOptions oauth => Host(oauth.AuthorizationEndpoint),
        _ when OpenIdConnectOptions?.IsInstanceOfType(options) == true =>
            Host(Authority?.GetValue(options) as string) ?? Host(MetadataAddress?.GetValue(options) as string),
        _ => null,
    };

    /// <summary>Whether the scheme speaks OpenID Connect or OAuth by the framework's handlers, whose order of checks is known.</summary>
    public static bool IsKnown(RemoteAuthenticationOptions options) => options is OAuthOptions || IsOpenIdConnect(options);

    public static bool IsOpenIdConnect(RemoteAuthenticationOptions options)
    {
        for (var type = options.GetType(); type is not null; type = type.BaseType)
        {
            if (string.Equals(type.FullName, OpenIdConnect, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static string? Host(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Authority : null;
}
