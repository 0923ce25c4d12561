using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Denials;

internal sealed class DenialsHook : CaptureHook
{
    public override string Name => "denials";

    public override string Captures => "denials with their policy and requirement, a bare 401 or 403";

    public override string Through => "`IAuthorizationService`, `IAuthenticationService`, the answer";

    public override void Register(IServiceCollection services)
    {
        services.AddAuthorization();
        services.Decorate<IAuthorizationService>(static (provider, inner) =>
            new AuditedAuthorizationService(inner, provider.GetRequiredService<CurrentRequest>()));
        AuthenticationCapture.Add<DenialCapture>(services);
        services.AddSingleton<IRequestConclusion, DenialConclusion>();
    }

    public override Coverage Check(IServiceProvider scope) => CoveredIf(
        scope.GetRequiredService<IAuthorizationService>() is AuditedAuthorizationService
            && scope.GetRequiredService<IAuthenticationService>() is AuditedAuthenticationService,
        Decoration.Remedy);
}
