using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Alerts;
using SecurityAudit.Capture;
using SecurityAudit.Capture.SignIns;
using SecurityAudit.Detection.Following;
using SecurityAudit.Enrichment;
using SecurityAudit.Health;
using SecurityAudit.Inventory;
using SecurityAudit.Journal;
using SecurityAudit.Metrics;
using SecurityAudit.Opening;
using SecurityAudit.Reconciliation;
using SecurityAudit.Recording;
using SecurityAudit.Redaction;
using SecurityAudit.Refusal;
using SecurityAudit.Responses;
using SecurityAudit.Survey;

namespace SecurityAudit.Hosting;

/// <summary>Every registration of the library, in the order in which an event passes through it.</summary>
internal static class AuditServices
{
    /// <summary>
    /// False when there is nothing to decorate: the library was added before, or a tool looks at the application. The application's
    /// configuration is applied all the same.
    /// </summary>
    public static bool Add(IServiceCollection services, IConfiguration? configuration, Action<SecurityAuditBuilder>? configure)
    {
        configuration ??= RegisteredConfiguration.Of(services);
        var builder = new SecurityAuditBuilder(services, configuration, DesignTime.Tool(services));
        if (services.Any(service => service.ServiceType == typeof(SecurityRecorder) || service.ServiceType == typeof(TemporaryFolder)))
        {
            configure?.Invoke(builder);
            return false;
        }

        if (builder.IsDesignTime)
        {
            DesignTime.Add(services, builder.Tool!);
            configure?.Invoke(builder);
            return false;
        }

        AddOptions(services, configuration);
        AddRecording(services);
        AddCapture(services);
        services.AddAlerts(); // stops after detection, whose last words it delivers
        services.AddDetection();
        services.AddResponse();
        Extensions.Load(builder);
        configure?.Invoke(builder);
        return true;
    }

    private static void AddOptions(IServiceCollection services, IConfiguration? configuration)
    {
        services.AddOptions<SecurityAuditOptions>().ValidateOnStart();
        services.AddSingleton(provider => new OptionsSection(configuration ?? provider.GetService<IConfiguration>(), isLate: configuration is null));
        services.AddSingleton<IConfigureOptions<SecurityAuditOptions>>(provider => provider.GetRequiredService<OptionsSection>());
        services.AddSingleton<IPostConfigureOptions<SecurityAuditOptions>, JournalDefaults>();
        services.AddSingleton<IValidateOptions<SecurityAuditOptions>, OptionsValidator>();
    }

    private static void AddRecording(IServiceCollection services)
    {
        services.AddSingleton<CurrentRequest>();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<JournalBase>();
        services.AddSingleton<JournalLocation>();
        services.AddSingleton<JournalTroubles>();
        services.AddSingleton(JournalOpening.Open);
        // For whoever reads what is written: there may be none yet.
        services.AddSingleton(provider => provider.GetRequiredService<AuditJournal>() is { Writer: { } writer }
            ? writer
            : throw new JournalUnavailableException("There is no journal yet: " + provider.GetRequiredService<AuditJournal>().Health.Reason));
        services.AddSingleton<Pseudonyms>();
        services.AddSingleton<ServiceFields>();
        services.AddSingleton(provider => new SensitiveNames(provider.GetRequiredService<IOptions<SecurityAuditOptions>>()));
        services.AddSingleton<NamedValues>();
        services.AddSingleton<ClaimedNames>();
        services.AddSingleton<RoutePaths>();
        services.AddSingleton<RequestFields>();
        services.AddSingleton<EventEnricher>();
        services.AddSingleton<TextRedactor>();
        services.AddSingleton<EventRedactor>();
        services.AddSingleton(provider => new AuditLogger(
            provider.GetRequiredService<AuditJournal>(),
            provider.GetRequiredService<AuditMetrics>(),
            provider.GetServices<SinkConfiguration>(),
            provider.GetService<IConfiguration>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AuditLogger>>()));
        services.AddSingleton<JournalGate>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SecurityRecorder>(
            provider, new GuardedObservers(provider.GetServices<IEventObserver>(), provider.GetRequiredService<HookFailures>())));
        services.AddSingleton<ISecurityAudit, ApplicationAudit>();
        services.AddHealthChecks();
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<SecurityAuditOptions>>(static (health, audit) =>
        {
            health.Registrations.Add(HealthRegistration.Of<JournalHealthCheck>("security-audit-journal", audit.Value));
            health.Registrations.Add(HealthRegistration.Of<SinkHealthCheck>("security-audit-sinks", audit.Value));
            health.Registrations.Add(HealthRegistration.Of<CoverageHealthCheck>("security-audit-coverage", audit.Value));
        });
        // First among the hosted services: the journal is open before the application serves, and closes after it stopped.
        services.Insert(0, ServiceDescriptor.Singleton<IHostedService, AuditLifetime>());
    }

    private static void AddCapture(IServiceCollection services)
    {
        services.Insert(0, ServiceDescriptor.Transient<IStartupFilter, AuditStartupFilter>());
        services.AddSingleton<RequestConclusions>();
        services.AddSingleton(CaptureHooks.All);
        services.AddSingleton<HookFailures>();
        services.AddSingleton<RequestTallies>();
        services.AddSingleton<IMeterObserver>(provider => provider.GetRequiredService<RequestTallies>());
        services.AddSingleton<IEventObserver>(provider => provider.GetRequiredService<RequestTallies>());
        services.AddHostedService<ReconciliationService>();
        services.AddSingleton<FrameworkMeters>();
        services.AddSingleton(new RegisteredServices(services));
        services.AddSingleton<CoverageSurvey>();
        services.AddSingleton<EventDestinations>();
        services.AddSingleton<LimitedEvents>();
        services.AddHostedService(static provider => provider.GetRequiredService<LimitedEvents>());
        foreach (var hook in CaptureHooks.All)
        {
            hook.Register(services);
        }
    }
}
