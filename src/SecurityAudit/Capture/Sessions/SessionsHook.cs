using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Hosting;

namespace SecurityAudit.Capture.Sessions;

internal sealed class SessionsHook : CaptureHook
{
    public override string Name => "sessions";

    public override string Captures => "sessions issued, renewed and ended; credentials that are not valid";

    public override string Through => "`IAuthenticationService`";

    public override void Register(IServiceCollection services) => AuthenticationCapture.Add<SessionCapture>(services);

    public override Coverage Check(IServiceProvider scope) =>
        CoveredIf(scope.GetRequiredService<IAuthenticationService>() is AuditedAuthenticationService, Decoration.Remedy);
}
