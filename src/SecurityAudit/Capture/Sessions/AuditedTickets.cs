using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using SecurityAudit.Enrichment;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// Puts <see cref="AuditedTicketFormat"/> around the formats of all cookie and bearer token schemes; knows which schemes have it.
/// </summary>
/// <remarks>Registered as the last step before the container is built: the framework gives each scheme its format when options are
/// configured, too.</remarks>
internal sealed class AuditedTickets(CurrentRequest requests, SecurityRecorder recorder, HookFailures failures)
    : IPostConfigureOptions<CookieAuthenticationOptions>, IPostConfigureOptions<BearerTokenOptions>
{
    private readonly ConcurrentDictionary<string, bool> _schemes = new(StringComparer.Ordinal); // true: a cookie

    public void PostConfigure(string? name, CookieAuthenticationOptions options)
    {
        if (options.TicketDataFormat is { } format and not AuditedTicketFormat)
        {
            options.TicketDataFormat = Around(format, name ?? Options.DefaultName, options, isCookie: true);
        }
    }

    public void PostConfigure(string? name, BearerTokenOptions options)
    {
        if (options.BearerTokenProtector is { } format and not AuditedTicketFormat)
        {
            options.BearerTokenProtector = Around(format, name ?? Options.DefaultName, options, isCookie: false);
        }

        if (options.RefreshTokenProtector is { } refresh and not AuditedRefreshFormat)
        {
            options.RefreshTokenProtector = new AuditedRefreshFormat(refresh, name ?? Options.DefaultName, () => Now(options), requests, recorder, failures);
        }
    }

    /// <summary>What is known of the credential of a scheme that was not accepted; null for a scheme of another kind.</summary>
    public TicketFailure? Of(string? scheme, SessionEvidence evidence) =>
        scheme is null || !_schemes.ContainsKey(scheme) ? null
        : evidence.Tickets.TryGetValue(scheme, out var failure) ? failure
        : TicketFailure.Rejected;

    /// <summary>Whether the credentials of that scheme are tickets of the framework's own.</summary>
    public bool Has(string scheme) => _schemes.ContainsKey(scheme);

    /// <summary>Whether a scheme is one of cookies, as far as it was used yet.</summary>
    public bool IsCookie(string scheme) => _schemes.TryGetValue(scheme, out var isCookie) && isCookie;

    private AuditedTicketFormat Around(
        ISecureDataFormat<AuthenticationTicket> format, string scheme, AuthenticationSchemeOptions options, bool isCookie)
    {
        _schemes[scheme] = isCookie;
        return new AuditedTicketFormat(format, scheme, () => Now(options), requests, failures);
    }

    private static DateTimeOffset Now(AuthenticationSchemeOptions options) => (options.TimeProvider ?? TimeProvider.System).GetUtcNow();
}
