using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Inventory;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Activities;

internal sealed class ActivitiesHook : CaptureHook
{
    public const string Activities = "activities";

    public override string Name => Activities;

    public override string Captures => "calls of what `[Audit]`, `[AuditSensitive]` or `WithAudit` names, with the named arguments";

    public override string Through => "endpoint metadata, MVC's filters, endpoint filters";

    public override void Register(IServiceCollection services)
    {
        services.AddSingleton<IRequestConclusion, ActivityConclusion>();
        services.AddSingleton<MatcherPolicy, AuditedEndpointPolicy>();
        services.AddOptions<MvcOptions>().Configure<JournalGate, HookFailures>((mvc, gate, failures) => mvc.Filters.Add(new AuditMvcFilter(gate, failures)));
    }

    public override Coverage? Check(IServiceProvider scope) => !scope.ServesRequests()
        ? null
        : CoveredIf(scope.GetServices<IRequestConclusion>().OfType<ActivityConclusion>().Any(), "Its registration was removed after AddSecurityAudit: leave it.");
}
