using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture.Hubs;

internal sealed class HubsHook : CaptureHook
{
    public override string Name => "hubs";

    public override string Captures => "denials and exceptions in SignalR's hubs, calls of their methods that `[Audit]` names";

    public override string Through => "hub filters, `IAuthorizationService`, SignalR's log";

    public override void Decorate(IServiceCollection services)
    {
        if (!services.Any(service => service.ServiceType == typeof(IHubProtocolResolver)))
        {
            return;
        }

        services.AddSingleton<HubCallEnd>();
        services.AddSingleton<ToldExceptions>();
        services.AddSingleton<AuditedHubFilter>();
        services.AddSingleton<InnermostHubFilter>();
        services.AddSingleton<IEvaluationObserver, HubDenials>();
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<HubOptions>, OutermostFilter>());
        services.AddSingleton(typeof(IPostConfigureOptions<>), typeof(InnermostFilter<>));
        ObservedLoggerFactory.Observe<HubLog>(services);
    }

    public override Coverage? Check(IServiceProvider scope) =>
        HasHubs(scope)
            ? CoveredIf(
                scope.GetService<AuditedHubFilter>() is not null
                    && scope.GetRequiredService<ILoggerFactory>() is ObservedLoggerFactory
                    && scope.GetRequiredService<IAuthorizationService>() is AuditedAuthorizationService,
                "Its filters are added when the container is built: call AddSecurityAudit on the builder, or after AddSignalR, with the default container.")
            : null;

    public override CoverageItem? Judge(ApplicationPart part, IServiceProvider scope) => part.Kind == Inventory.Hubs.HubKind ? AsWhole(part, scope) : null;

    private static bool HasHubs(IServiceProvider scope) =>
        scope.GetService<EndpointDataSource>()?.Endpoints.Any(endpoint => HubCall.IsOfApplication(endpoint.Metadata.GetMetadata<HubMetadata>()?.HubType)) == true;
}
