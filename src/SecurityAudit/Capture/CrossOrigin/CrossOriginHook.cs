using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.CrossOrigin;

internal sealed class CrossOriginHook : CaptureHook
{
    public override string Name => "cross_origin";

    public override string Captures => "requests from an origin that a CORS policy does not allow";

    public override string Through => "`ICorsService`";

    // Not before: CORS is in an application that asks for it, or for MVC, which brings it.
    public override void Decorate(IServiceCollection services) =>
        services.Decorate<ICorsService>(static (provider, inner) =>
            new AuditedCorsService(inner, provider.GetRequiredService<SecurityRecorder>(), provider.GetRequiredService<HookFailures>()));

    public override Coverage? Check(IServiceProvider scope) => scope.GetService<ICorsService>() is { } cors
        ? CoveredIf(cors is AuditedCorsService, Decoration.Remedy)
        : null;
}
