using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture.RemoteSignIn;

internal sealed class RemoteSignInHook : CaptureHook
{
    private const string Remedy =
        "A remote scheme's events class replaces RemoteFailure, AccessDenied or TicketReceived without calling the base method, or the scheme "
        + "has no events object: call the base method there, or set Events to one.";

    public override string Name => "remote_sign_in";

    public override string Captures => "sign-ins through another provider (OpenID Connect, OAuth, others), and why they failed";

    public override string Through => "the events of `RemoteAuthenticationOptions`";

    public override void Register(IServiceCollection services)
    {
        services.AddSingleton<RemoteSchemes>();
        services.AddSingleton<RemoteEvents>();
        AuthenticationCaptures.Add<RemoteSignInCapture>(services);
        services.AddSingleton<IRequestConclusion, RemoteSignInConclusion>();
        // For a container of somebody else, where nothing is decorated.
        services.AddSingleton(typeof(IPostConfigureOptions<>), typeof(WatchedRemoteOptions<>));
    }

    // After whatever the application configures; for all types of remote options, those of its own handlers as well.
    public override void Decorate(IServiceCollection services)
    {
        services.AddSingleton(typeof(IPostConfigureOptions<>), typeof(WatchedRemoteOptions<>));
        for (var index = 0; index < services.Count; index++)
        {
            // What EventsType names comes from the container.
            if (services[index] is { IsKeyedService: false } events && typeof(RemoteAuthenticationEvents).IsAssignableFrom(events.ServiceType))
            {
                services[index] = events.Around(static (provider, inner) =>
                    provider.GetRequiredService<RemoteEvents>().Watch((RemoteAuthenticationEvents)inner));
            }
        }
    }

    public override Coverage? Check(IServiceProvider scope)
    {
        var schemes = scope.GetRequiredService<RemoteSchemes>().Configured(scope);
        return schemes.Count == 0 ? null : CoveredIf(schemes.All(scheme => RemoteEvents.Sees(scheme, scope)), Remedy);
    }

    public override CoverageItem? Judge(ApplicationPart part, IServiceProvider scope) =>
        part.Subject is AuthenticationScheme scheme && scope.GetRequiredService<RemoteSchemes>().Of(scheme.Name) is { } options
            ? RemoteEvents.Sees(options, scope) ? part.Covered() : part.Missing(Remedy)
            : null;
}
