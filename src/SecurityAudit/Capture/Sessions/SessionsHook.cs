using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Hosting;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Sessions;

internal sealed class SessionsHook : CaptureHook
{
    public override string Name => "sessions";

    public override string Captures => "sessions issued, renewed and ended; credentials that are not valid";

    public override string Through => "`IAuthenticationService`";

    public override void Register(IServiceCollection services)
    {
        services.AddAuthenticationCore();
        services.Decorate<IAuthenticationService>(static (provider, inner) => new AuditedAuthenticationService(
            inner,
            provider.GetRequiredService<IAuthenticationSchemeProvider>(),
            provider.GetRequiredService<SecurityRecorder>(),
            provider.GetRequiredService<JournalGate>()));
    }

    public override Coverage Check(IServiceProvider scope) =>
        CoveredIf(scope.GetRequiredService<IAuthenticationService>() is AuditedAuthenticationService, Decoration.Remedy);
}
