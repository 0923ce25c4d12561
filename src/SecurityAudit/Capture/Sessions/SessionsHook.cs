using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture.Sessions;

internal sealed class SessionsHook : CaptureHook
{
    public override string Name => "sessions";

    public override string Captures => "sessions issued, renewed and ended, used after their end, used from elsewhere; credentials that are not valid";

    public override string Through => "`IAuthenticationService`";

    public override void Register(IServiceCollection services)
    {
        services.AddSingleton<AuditedTickets>();
        services.AddSingleton<SignOuts>();
        services.AddSingleton<RefusedCredentials>();
        services.AddSingleton<IRequestConclusion>(provider => provider.GetRequiredService<SignOuts>());
        services.AddSingleton<IRequestConclusion>(provider => provider.GetRequiredService<RefusedCredentials>());
        // Around the session's own record, which says already as whom somebody acts.
        AuthenticationCaptures.Add<ImpersonationCapture>(services);
        services.AddSingleton<EndedSessions>();
        services.AddSingleton<UseAfterEnd>();
        services.AddSingleton<SessionSources>();
        services.AddSingleton<IRequestConclusion, SessionConclusion>();
        AuthenticationCaptures.Add<SessionCapture>(services);
        AuthenticationCaptures.Add<RefreshTokenCapture>(services);
    }

    // After the framework's own, which gives a scheme its format, and after what the application configures.
    public override void Decorate(IServiceCollection services)
    {
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>>(
            provider => provider.GetRequiredService<AuditedTickets>());
        services.AddSingleton<IPostConfigureOptions<BearerTokenOptions>>(provider => provider.GetRequiredService<AuditedTickets>());
    }

    public override Coverage? Check(IServiceProvider scope) => !scope.ServesRequests()
        ? null
        : CoveredIf(scope.GetRequiredService<IAuthenticationService>() is AuditedAuthenticationService, Decoration.Remedy);

    public override CoverageItem? Judge(ApplicationPart part, IServiceProvider scope) =>
        part.Subject is AuthenticationScheme scheme ? SchemeCoverage.Of(part, scheme, scope) : null;
}
