using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture.Denials;

internal sealed class DenialsHook : CaptureHook
{
    public const string Denials = "denials";

    public override string Name => Denials;

    public override string Captures => "denials with their policy and requirement, a bare 401 or 403";

    public override string Through => "`IPolicyEvaluator`, `IAuthorizationService`, `IAuthenticationService`, the answer";

    public override void Register(IServiceCollection services)
    {
        services.AddAuthorization();
        services.AddSingleton<Evaluations>();
        services.Decorate<IAuthorizationService>(static (provider, inner) =>
            new AuditedAuthorizationService(inner, provider, provider.GetRequiredService<Evaluations>()));
        DecorateEvaluators(services);
        AuthenticationCapture.Add<DenialCapture>(services);
        services.AddSingleton<IRequestConclusion, DenialConclusion>();
    }

    public override Coverage? Check(IServiceProvider scope) => !scope.ServesRequests()
        ? null
        : CoveredIf(
            scope.GetRequiredService<IAuthorizationService>() is AuditedAuthorizationService
                && scope.GetRequiredService<IPolicyEvaluator>() is AuditedPolicyEvaluator or AuditedOwnPolicyEvaluator
                // Challenges and refusals pass there.
                && scope.GetRequiredService<IAuthenticationService>() is AuditedAuthenticationService,
            Decoration.Remedy);

    private static void DecorateEvaluators(IServiceCollection services)
    {
        for (var index = 0; index < services.Count; index++)
        {
            if (services[index] is { IsKeyedService: false } evaluator && evaluator.ServiceType == typeof(IPolicyEvaluator))
            {
                services[index] = evaluator.ImplementationType == typeof(PolicyEvaluator)
                    ? new ServiceDescriptor(typeof(IPolicyEvaluator), typeof(AuditedPolicyEvaluator), evaluator.Lifetime)
                    : evaluator.Around(static (_, inner) => new AuditedOwnPolicyEvaluator((IPolicyEvaluator)inner));
            }
        }
    }
}
