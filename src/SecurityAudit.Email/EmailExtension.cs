using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Email;

/// <summary>Switched on by the configuration section <c>SecurityAudit:Alerts:Email</c> alone, or by <c>AlertByEmail</c>.</summary>
internal sealed class EmailExtension : ISecurityAuditExtension
{
    public void Configure(SecurityAuditBuilder builder)
    {
        var services = builder.Services;
        if (builder.IsDesignTime || services.Any(service => service.ServiceType == typeof(EmailSection)))
        {
            return; // nothing is recorded; or configuration and code both name it
        }

        services.AddOptions<AlertEmailOptions>().ValidateOnStart();
        services.AddSingleton(provider => new EmailSection(builder.Configuration ?? provider.GetService<IConfiguration>()));
        services.AddSingleton<IConfigureOptions<AlertEmailOptions>>(provider => provider.GetRequiredService<EmailSection>());
        services.AddSingleton<IValidateOptions<AlertEmailOptions>, EmailOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IAlertSink>(provider => new EmailSink(
            provider.GetRequiredService<IOptions<AlertEmailOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EmailSink>>()));
    }
}
