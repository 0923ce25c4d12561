using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture.Redirects;

internal sealed class RedirectsHook : CaptureHook
{
    public override string Name => "redirects";

    public override string Captures => "redirects to another host that the request itself names (inferred), and those that `LocalRedirect` refuses";

    public override string Through => "the answer";

    public override void Register(IServiceCollection services) => services.AddSingleton<IRequestConclusion, RedirectConclusion>();

    public override Coverage? Check(IServiceProvider scope) => !scope.ServesRequests()
        ? null
        : CoveredIfConcludedBy<RedirectConclusion>(scope);
}
