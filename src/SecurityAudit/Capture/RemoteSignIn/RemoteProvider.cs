using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture.RemoteSignIn;

/// <summary>Which provider a remote scheme asks, as its options say.</summary>
internal static class RemoteProvider
{
    // A package of its own, which this one does not reference and an application may lack; named whole, so that trimming keeps the properties.
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
    private static readonly Type? OpenIdConnectOptions = Type.GetType(
        "Microsoft.AspNetCore.Authentication.OpenIdConnect.OpenIdConnectOptions, Microsoft.AspNetCore.Authentication.OpenIdConnect", throwOnError: false);

    private static readonly PropertyInfo? Authority = OpenIdConnectOptions?.GetProperty("Authority");
    private static readonly PropertyInfo? MetadataAddress = OpenIdConnectOptions?.GetProperty("MetadataAddress");
    private static readonly PropertyInfo? RemoteSignOutPath = OpenIdConnectOptions?.GetProperty("RemoteSignOutPath");

    /// <summary>Where the provider asks for a sign-out; none of a scheme that knows nothing of the kind.</summary>
    public static PathString SignOutPathOf(RemoteAuthenticationOptions options) =>
        IsOpenIdConnect(options) && RemoteSignOutPath?.GetValue(options) is PathString path ? path : default;

    /// <summary>The host and port of the provider; null where the options do not say it in a way that is known.</summary>
    public static string? HostOf(RemoteAuthenticationOptions options) => options switch
    {
        OAuthOptions oauth => Host(oauth.AuthorizationEndpoint),
        _ when IsOpenIdConnect(options) =>
            Host(Authority?.GetValue(options) as string) ?? Host(MetadataAddress?.GetValue(options) as string),
        _ => null,
    };

    /// <summary>Whether the scheme speaks OpenID Connect or OAuth by the framework's handlers, whose order of checks is known.</summary>
    public static bool IsKnown(RemoteAuthenticationOptions options) => options is OAuthOptions || IsOpenIdConnect(options);

    public static bool IsOpenIdConnect(RemoteAuthenticationOptions options) => OpenIdConnectOptions?.IsInstanceOfType(options) == true;

    private static string? Host(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Authority : null;
}
