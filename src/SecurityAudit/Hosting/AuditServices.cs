using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Detection;
using SecurityAudit.Enrichment;
using SecurityAudit.Journal;
using SecurityAudit.Recording;
using SecurityAudit.Redaction;
using SecurityAudit.Refusal;

namespace SecurityAudit.Hosting;

/// <summary>Every registration of the library, in the order in which an event passes through it.</summary>
internal static class AuditServices
{
    /// <summary>False when the library was added before; the application's configuration is applied all the same.</summary>
    public static bool Add(IServiceCollection services, IConfiguration? configuration, Action<SecurityAuditBuilder>? configure)
    {
        var builder = new SecurityAuditBuilder(services, configuration);
        if (services.Any(service => service.ServiceType == typeof(SecurityRecorder)))
        {
            configure?.Invoke(builder);
            return false;
        }

        AddOptions(services, configuration);
        AddRecording(services);
        AddCapture(services);
        services.AddDetection();
        Extensions.Load(builder);
        configure?.Invoke(builder);
        return true;
    }

    private static void AddOptions(IServiceCollection services, IConfiguration? configuration)
    {
        var options = services.AddOptions<SecurityAuditOptions>().ValidateOnStart();
        if (configuration is not null)
        {
            options.Bind(configuration.GetSection(OptionsValidator.Section));
        }

        services.AddSingleton<IValidateOptions<SecurityAuditOptions>>(provider => new OptionsValidator(configuration));
    }

    private static void AddRecording(IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<JournalLocation>();
        services.AddSingleton(JournalOpening.Open);
        services.AddSingleton(provider =>
        {
            // The writer makes the directory and judges it; its words are the better ones when something is wrong there.
            _ = provider.GetRequiredService<JournalWriter>();
            return Pseudonyms.Open(provider.GetRequiredService<JournalLocation>().Directory);
        });
        services.AddSingleton<ServiceFields>();
        services.AddSingleton<EventEnricher>();
        services.AddSingleton<SensitiveNames>();
        services.AddSingleton<EventRedactor>();
        services.AddSingleton(provider => new AuditLogger(
            provider.GetRequiredService<JournalWriter>(),
            provider.GetRequiredService<AuditMetrics>(),
            provider.GetServices<SinkConfiguration>(),
            provider.GetService<IConfiguration>()));
        services.AddSingleton<JournalGate>();
        services.AddSingleton<SecurityRecorder>();
        services.AddSingleton<ISecurityAudit>(provider => provider.GetRequiredService<SecurityRecorder>());
        services.AddHealthChecks().AddCheck<JournalHealthCheck>("security-audit-journal");
        // First among the hosted services: the journal is open before the application serves, and closes after it stopped.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, AuditLifetime>());
    }

    private static void AddCapture(IServiceCollection services)
    {
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, AuditStartupFilter>());
        services.AddAuthenticationCore();
        services.AddAuthorization();
        services.Decorate<IAuthenticationService, AuditedAuthenticationService>();
        services.Decorate<IAuthorizationService, AuditedAuthorizationService>();
        services.AddSingleton<RequestEnd>();
        services.AddSingleton<MatcherPolicy, AuditedEndpointPolicy>();
        services.AddOptions<MvcOptions>().Configure<JournalGate>((mvc, gate) => mvc.Filters.Add(new AuditMvcFilter(gate)));
        services.AddSingleton<IDeveloperPageExceptionFilter, DeveloperPageObserver>();
        services.AddSingleton<ICoverageCheck, DecoratorCoverage>();
        IdentityCapture.AddIdentityCapture(services);
    }
}
