using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture.Denials;
using SecurityAudit.Capture.Exceptions;
using SecurityAudit.Inventory;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Circuits;

internal sealed class CircuitsHook : CaptureHook
{
    public override string Name => "circuits";

    public override string Captures => "pages that the router denies and exceptions in Blazor Server's circuits";

    public override string Through => "`CircuitHandler`, `IComponentActivator`, `IAuthorizationService`, `IErrorBoundaryLogger`, Blazor's log";

    public override void Decorate(IServiceCollection services)
    {
        if (!services.Any(service => service.ServiceType == typeof(IConfigureOptions<CircuitOptions>)))
        {
            return;
        }

        services.AddSingleton<OpenCircuits>();
        services.AddScoped<CircuitState>();
        services.AddScoped<CircuitHandler, AuditedCircuit>();
        services.AddSingleton<IEvaluationObserver, PageDenials>();
        AddActivator(services);
        services.Decorate<IErrorBoundaryLogger>(static (provider, inner) => new AuditedErrorBoundaryLogger(
            inner,
            provider.GetRequiredService<CircuitState>(),
            provider.GetRequiredService<SecurityRecorder>(),
            provider.GetRequiredService<ExceptionEvent>(),
            provider.GetRequiredService<HookFailures>()));
        ObservedLoggerFactory.Observe<CircuitLog>(services);
    }

    public override Coverage? Check(IServiceProvider scope) =>
        HasCircuits(scope)
            ? CoveredIf(
                scope.GetService<OpenCircuits>() is not null
                    && scope.GetService<IComponentActivator>() is AuditedComponentActivator
                    && scope.GetRequiredService<ILoggerFactory>() is ObservedLoggerFactory
                    && scope.GetRequiredService<IAuthorizationService>() is AuditedAuthorizationService,
                "Its parts are added when the container is built: call AddSecurityAudit on the builder, or after AddInteractiveServerComponents, "
                    + "with the default container.")
            : null;

    public override CoverageItem? Judge(ApplicationPart part, IServiceProvider scope) => part.Kind == Inventory.Hubs.CircuitKind ? AsWhole(part, scope) : null;

    /// <summary>One a scope, so that it knows whose components it makes, whatever the application's own lives for.</summary>
    private static void AddActivator(IServiceCollection services)
    {
        var own = services.LastOrDefault(service => service is { IsKeyedService: false } && service.ServiceType == typeof(IComponentActivator));
        var made = own?.Around(static (_, inner) => inner);
        services.RemoveAll<IComponentActivator>();
        if (made is not null)
        {
            services.Add(new ServiceDescriptor(typeof(Own), provider => new Own((IComponentActivator)made.ImplementationFactory!(provider)), made.Lifetime));
        }

        services.AddScoped<IComponentActivator>(static provider => new AuditedComponentActivator(
            provider, provider.GetRequiredService<CircuitState>(), provider.GetRequiredService<HookFailures>(), provider.GetService<Own>()?.Activator));
    }

    private static bool HasCircuits(IServiceProvider scope) =>
        scope.GetService<EndpointDataSource>()?.Endpoints.Any(endpoint =>
            Inventory.Hubs.IsCircuit(endpoint.Metadata.GetMetadata<HubMetadata>()?.HubType)) == true;

    /// <summary>The application's own activator, for as long as the application says.</summary>
    private sealed record Own(IComponentActivator Activator);
}
