using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Inventory;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.Antiforgery;

internal sealed class AntiforgeryHook : CaptureHook
{
    public override string Name => "antiforgery";

    public override string Captures => "requests without a valid antiforgery token";

    public override string Through => "`IAntiforgery`";

    // Not before: an application that has no antiforgery must not get it, and with it Data Protection's keys, from its recorder.
    public override void Decorate(IServiceCollection services) =>
        services.Decorate<IAntiforgery>(static (provider, inner) => new AuditedAntiforgery(
            inner,
            provider.GetRequiredService<IOptions<AntiforgeryOptions>>(),
            provider.GetRequiredService<SecurityRecorder>(),
            provider.GetRequiredService<HookFailures>()));

    public override Coverage? Check(IServiceProvider scope) => scope.GetService<IAntiforgery>() is { } antiforgery
        ? CoveredIf(antiforgery is AuditedAntiforgery, Decoration.Remedy)
        : null;

    public override CoverageItem? Judge(ApplicationPart part, IServiceProvider scope) => part.Subject is not Form form || form == Form.NotAsked ? null
        : scope.GetService<IAntiforgery>() is not AuditedAntiforgery ? part.Missing(Decoration.Remedy)
        : form == Form.Asked ? part.Covered()
        : part.Partly("Pages ask for a token unless one has [IgnoreAntiforgeryToken], which is not known before somebody opens it.");
}
