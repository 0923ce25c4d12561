using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Capture;

/// <summary>
/// Whether a scheme leaves an operation to another: that one is asked through <see cref="IAuthenticationService"/> again, and by it the
/// operation is recorded, once and under the scheme that does it.
/// </summary>
internal sealed class SchemeForwarding(HookFailures failures)
{
    private readonly ConcurrentDictionary<string, AuthenticationSchemeOptions> _options = new(StringComparer.Ordinal);

    public void Add(string scheme, AuthenticationSchemeOptions options) => _options[scheme] = options;

    public async ValueTask<bool> ForwardsAsync(HttpContext context, string? scheme, SchemeOperation operation)
    {
        try
        {
            return await LeavesAsync(context, scheme, operation);
        }
        catch (Exception failure) when (HookFailures.Catches(failure))
        {
            failures.Failed(this, failure); // whose fault it is, the operation itself shows
            return false;
        }
    }

    private async ValueTask<bool> LeavesAsync(HttpContext context, string? scheme, SchemeOperation operation)
    {
        var services = context.RequestServices;
        var name = await operation.NameAsync(context, scheme);
        if (name is null)
        {
            return false;
        }

        if (_options.TryGetValue(name, out var known) && !Leaves(known, context, name, operation))
        {
            return false;
        }

        // The handler is made by reading its options, which may be others by now, and the operation itself makes no other.
        await services.GetRequiredService<IAuthenticationHandlerProvider>().GetHandlerAsync(context, name);
        return _options.TryGetValue(name, out var options) && Leaves(options, context, name, operation);
    }

    private static bool Leaves(AuthenticationSchemeOptions options, HttpContext context, string name, SchemeOperation operation) =>
        (operation.Target(options) ?? options.ForwardDefaultSelector?.Invoke(context) ?? options.ForwardDefault) is { } target
        && !string.Equals(target, name, StringComparison.Ordinal);
}

/// <summary>Knows the options of each scheme, whatever their type.</summary>
internal sealed class WatchedSchemeOptions<TOptions>(SchemeForwarding forwarding) : IPostConfigureOptions<TOptions>
    where TOptions : AuthenticationSchemeOptions
{
    public void PostConfigure(string? name, TOptions options) => forwarding.Add(name ?? Options.DefaultName, options);
}
