using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Detection.Rules;

namespace SecurityAudit.Detection.Following;

internal static class DetectionRegistration
{
    public static void AddDetection(this IServiceCollection services)
    {
        services.AddSingleton<ActiveRules>();
        services.AddSingleton<DetectionService>();
        services.AddHostedService(static provider => provider.GetRequiredService<DetectionService>());
    }
}
