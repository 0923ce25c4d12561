using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Capture.Sessions;

internal sealed class SessionsHook : CaptureHook
{
    public override string Name => "sessions";

    public override string Captures => "sessions issued, renewed and ended, used after their end, used from elsewhere; credentials that are not valid";

    public override string Through => "`IAuthenticationService`";

    public override void Register(IServiceCollection services)
    {
        services.AddSingleton<AuditedTickets>();
        services.AddSingleton<EndedSessions>();
        services.AddSingleton<UseAfterEnd>();
        services.AddSingleton<SessionSources>();
        services.AddSingleton<IRequestConclusion, SessionConclusion>();
        AuthenticationCapture.Add<SessionCapture>(services);
    }

    // After the framework's own, which gives a scheme its format, and after what the application configures.
    public override void Decorate(IServiceCollection services)
    {
        services.AddSingleton<IPostConfigureOptions<CookieAuthenticationOptions>>(
            provider => provider.GetRequiredService<AuditedTickets>());
        services.AddSingleton<IPostConfigureOptions<BearerTokenOptions>>(provider => provider.GetRequiredService<AuditedTickets>());
    }

    public override Coverage Check(IServiceProvider scope) =>
        CoveredIf(scope.GetRequiredService<IAuthenticationService>() is AuditedAuthenticationService, Decoration.Remedy);
}
