using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture;

namespace SecurityAudit.Hosting;

/// <summary>Confirms that the authentication and authorization decorators are what the application gets.</summary>
internal sealed class DecoratorCoverage : ICoverageCheck
{
    private const string Remedy = "Another registration replaced it after AddSecurityAudit: register yours with TryAdd, or call AddSecurityAudit after it.";

    public IEnumerable<Coverage> Check(IServiceProvider scope) =>
    [
        new("sessions", scope.GetRequiredService<IAuthenticationService>() is AuditedAuthenticationService, Remedy),
        new("denials", scope.GetRequiredService<IAuthorizationService>() is AuditedAuthorizationService, Remedy),
    ];
}
