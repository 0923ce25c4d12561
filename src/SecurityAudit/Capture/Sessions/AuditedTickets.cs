using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// Puts <see cref="AuditedTicketFormat"/> around the formats of all cookie and bearer token schemes; knows which schemes have it.
/// </summary>
/// <remarks>Registered as the last step before the container is built: the framework gives each scheme its format when options are
/// configured, too.</remarks>
internal sealed class AuditedTickets(CurrentRequest requests)
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
    }

    /// <summary>What is known of the credential of a scheme that was not accepted; null for a scheme of another kind.</summary>
    public TicketFailure? Of(string? scheme, SessionEvidence evidence) =>
        scheme is null || !_schemes.ContainsKey(scheme) ? null
        : evidence.Tickets.TryGetValue(scheme, out var failure) ? failure
        : TicketFailure.Rejected;

    /// <summary>Whether a scheme is one of cookies, as far as it was used yet.</summary>
    public bool IsCookie(string scheme) => _schemes.TryGetValue(scheme, out var isCookie) && isCookie;

    private AuditedTicketFormat Around(
        ISecureDataFormat<AuthenticationTicket> format, string scheme, AuthenticationSchemeOptions options, bool isCookie)
    {
        _schemes[scheme] = isCookie;
        return new AuditedTicketFormat(format, scheme, () => (options.TimeProvider ?? TimeProvider.System).GetUtcNow(), requests);
    }
}
