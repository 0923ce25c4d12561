using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture.RemoteSignIn;

/// <summary>The remote schemes whose options were made: a scheme's are made when it is first used, which is before anything happens with it.</summary>
internal sealed class RemoteSchemes
{
    private readonly ConcurrentDictionary<string, RemoteAuthenticationOptions> _schemes = new(StringComparer.Ordinal);

    public void Add(string scheme, RemoteAuthenticationOptions options) => _schemes[scheme] = options;

    /// <summary>The options of a scheme, or null of one that is not remote.</summary>
    public RemoteAuthenticationOptions? Of(string? scheme) => scheme is not null && _schemes.TryGetValue(scheme, out var options) ? options : null;

    /// <summary>The scheme to which the provider answers at that path.</summary>
    public (string Scheme, RemoteAuthenticationOptions Options)? At(PathString path)
    {
        foreach (var (scheme, options) in _schemes)
        {
            if (options.CallbackPath == path)
            {
                return (scheme, options);
            }
        }

        return null;
    }

    /// <summary>The scheme whose provider asks for a sign-out at that path.</summary>
    public RemoteAuthenticationOptions? AsksForSignOutAt(PathString path)
    {
        foreach (var (_, options) in _schemes)
        {
            if (RemoteProvider.SignOutPathOf(options) is { HasValue: true } asked && asked == path)
            {
                return options;
            }
        }

        return null;
    }

    /// <summary>All that the application has now. Makes the handlers of the request schemes, and with them their options.</summary>
    public IReadOnlyList<RemoteAuthenticationOptions> Configured(IServiceProvider scope)
    {
        // Nothing of it waits: the schemes are in memory, and a handler begins by reading its options.
        var registered = scope.GetRequiredService<IAuthenticationSchemeProvider>().GetRequestHandlerSchemesAsync().GetAwaiter().GetResult().ToList();
        if (registered.Count == 0)
        {
            return [];
        }

        var context = new DefaultHttpContext { RequestServices = scope };
        var handlers = scope.GetRequiredService<IAuthenticationHandlerProvider>();
        foreach (var scheme in registered)
        {
            handlers.GetHandlerAsync(context, scheme.Name).GetAwaiter().GetResult();
        }

        return [.. registered.Select(scheme => Of(scheme.Name)).OfType<RemoteAuthenticationOptions>()];
    }
}
