using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture.Sessions;

/// <summary>What is seen of an authentication scheme, by what its handler is.</summary>
internal static class SchemeCoverage
{
    public static CoverageItem Of(ApplicationPart part, AuthenticationScheme scheme, IServiceProvider scope)
    {
        if (scope.GetService<IAuthenticationService>() is not AuditedAuthenticationService)
        {
            return part.Missing(Decoration.Remedy);
        }

        var handler = scheme.HandlerType;
        return typeof(PolicySchemeHandler).IsAssignableFrom(handler) || TypeNames.Is(handler, TypeNames.JwtBearerHandler) ? part.Covered()
            : typeof(CookieAuthenticationHandler).IsAssignableFrom(handler)
                ? Tickets(part, scope.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(scheme.Name).TicketDataFormat)
            : handler.Assembly == typeof(BearerTokenOptions).Assembly
                ? Tickets(part, scope.GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(scheme.Name).BearerTokenProtector)
            : typeof(IAuthenticationRequestHandler).IsAssignableFrom(handler)
                ? part.Partly("The sign-in that comes back is recorded; what fails on its way is not: record it in the handler's OnRemoteFailure with ISecurityAudit.")
            : part.Partly(
                "A credential that its handler fails is recorded; one that it passes over (NoResult), and who succeeds, is not: record that in the handler with ISecurityAudit.");
    }

    private static CoverageItem Tickets(ApplicationPart part, ISecureDataFormat<AuthenticationTicket> format) => format is AuditedTicketFormat
        ? part.Covered()
        : part.Partly("Its ticket format was set after AddSecurityAudit: that a ticket is not valid is recorded, not why. Set it in Configure, before the container is built.");
}
