using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecurityAudit.Inventory;
using SecurityAudit.Redaction.Exceptions;

namespace SecurityAudit.Capture.Exceptions;

internal sealed class ExceptionsHook : CaptureHook
{
    public override string Name => "exceptions";

    public override string Captures =>
        "exceptions that nobody handles, that a handler answers, that an MVC filter or the developer page swallows, that end a background service; "
            + "an answer 500 without one";

    public override string Through => "the pipeline, the host's diagnostic event, MVC's filters, the hosted services";

    public override void Register(IServiceCollection services)
    {
        services.AddSingleton<ErrorText>();
        services.AddSingleton<ExceptionEvent>();
        services.AddSingleton<ExceptionConclusion>();
        services.AddSingleton<IRequestConclusion>(static provider => provider.GetRequiredService<ExceptionConclusion>());
        services.AddSingleton<IHostEventObserver, LateExceptions>();
        services.AddSingleton<IDeveloperPageExceptionFilter, DeveloperPageObserver>();
        services.AddSingleton<IHostedService, BackgroundServices>();
        services.AddOptions<MvcOptions>().Configure<HookFailures>((mvc, failures) => mvc.Filters.Add(new ExceptionMvcFilter(failures)));
    }

    public override Coverage Check(IServiceProvider scope) =>
        CoveredIfConcludedBy<ExceptionConclusion>(scope);

    public override CoverageItem? Judge(ApplicationPart part, IServiceProvider scope) => part.Subject switch
    {
        BackgroundService => part.Covered(),
        IHostedService => part.Partly("An exception at its start or stop is the host's and in its log; what it does besides is watched where it derives from BackgroundService."),
        _ => null,
    };
}
