using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture.BadRequests;

internal sealed class BadRequestsHook : CaptureHook
{
    public override string Name => "bad_requests";

    public override string Captures => "requests that Kestrel refuses before the application sees them; bodies that are too large; input that cannot be bound or is not valid";

    public override string Through => "Kestrel's diagnostic event, the pipeline, MVC's filters";

    public override void Register(IServiceCollection services)
    {
        services.AddSingleton<IHostEventObserver, ServerRefusals>();
        services.AddSingleton<IRequestConclusion, BadRequestConclusion>();
        services.AddOptions<MvcOptions>().Configure<LimitedEvents, HookFailures>((mvc, events, failures) => mvc.Filters.Add(new RefusedInputFilter(events, failures)));
    }

    /// <summary>A server that is no Kestrel refuses without a word; one for tests has nothing to refuse.</summary>
    public override Coverage? Check(IServiceProvider scope) => scope.GetService<IServer>()?.GetType().Assembly.GetName().Name switch
    {
        null => null,
        "Microsoft.AspNetCore.Server.Kestrel.Core" => CoveredIf(
            scope.GetRequiredService<HostDiagnostics>().IsListening,
            "There is no DiagnosticListener that Kestrel could tell what it refuses: leave the host's own registered."),
        "Microsoft.AspNetCore.TestHost" => CoveredIf(isInPlace: true, string.Empty),
        var server => CoveredIf(
            isInPlace: false,
            $"{server} does not tell which requests it refuses by itself: read its own log for those. What the application refuses is captured."),
    };
}
