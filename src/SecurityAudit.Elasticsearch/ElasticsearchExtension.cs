using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Hosting;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch;

/// <summary>Switched on by the configuration section <c>SecurityAudit:Elasticsearch</c> alone, or by <c>ShipToElasticsearch</c>.</summary>
internal sealed class ElasticsearchExtension : ISecurityAuditExtension
{
    public const string Section = "SecurityAudit:Elasticsearch";
    public const string MeterName = "SecurityAudit.Elasticsearch";

    public void Configure(SecurityAuditBuilder builder)
    {
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(ElasticsearchShipping)))
        {
            return; // configuration and code both name it
        }

        if (builder.IsDesignTime)
        {
            return; // nothing is recorded: there is nothing to ship, and secrets that the options ask for may not be there
        }

        var options = services.AddOptions<ElasticsearchOptions>().ValidateOnStart();
        if (builder.Configuration is { } configuration)
        {
            options.Bind(configuration.GetSection(Section));
        }

        services.AddSingleton<IValidateOptions<ElasticsearchOptions>, ElasticsearchOptionsValidator>();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ElasticsearchConnection(
            provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ShippingMetrics(provider.GetService<IMeterFactory>(), MeterName));
        services.AddSingleton(provider => new Lazy<ISecurityAudit>(provider.GetRequiredService<ISecurityAudit>));
        services.AddSingleton<ShippingJournal>();
        services.AddSingleton<ElasticsearchAnchor>();
        services.AddSingleton<ElasticsearchShipping>();
        services.AddHostedService(provider => provider.GetRequiredService<ElasticsearchShipping>());
        services.AddHealthChecks();
        services.AddOptions<HealthCheckServiceOptions>().Configure<IOptions<SecurityAuditOptions>>(static (health, audit) =>
            health.Registrations.Add(new HealthCheckRegistration(
                "security-audit-elasticsearch", ActivatorUtilities.GetServiceOrCreateInstance<ShippingHealthCheck>, audit.Value.HealthOnFailure, ["security-audit"])));
        services.AddOptions<SecurityAuditOptions>().PostConfigure<IServiceProvider>(static (audit, provider) =>
        {
            audit.Journal.Consumers.Add(new ShippedLines());
            AddAnchor(audit.Journal, provider);
        });
    }

    private static void AddAnchor(JournalOptions journal, IServiceProvider provider)
    {
        try
        {
            if (provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value.AnchorInterval > TimeSpan.Zero)
            {
                journal.Anchors.Add(provider.GetRequiredService<ElasticsearchAnchor>());
            }
        }
        catch (OptionsValidationException)
        {
            // Their own validation tells the faults of these options, at the start, and stops it.
        }
    }
}
