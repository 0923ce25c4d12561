using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture.Probing;

internal sealed class ProbingHook : CaptureHook
{
    public override string Name => "probing";

    public override string Captures => "sources that ask for many addresses that do not exist, attack tools by their name, methods that no endpoint takes";

    public override string Through => "the answer";

    public override void Register(IServiceCollection services)
    {
        services.AddSingleton<MissedAddresses>();
        services.AddSingleton<IRequestConclusion, ProbingConclusion>();
    }

    public override Coverage? Check(IServiceProvider scope) => !scope.ServesRequests()
        ? null
        : CoveredIfConcludedBy<ProbingConclusion>(scope);
}
