using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Recording;

namespace SecurityAudit.Detection;

internal static class DetectionRegistration
{
    public static void AddDetection(this IServiceCollection services)
    {
        foreach (var rule in DetectionRules.All)
        {
            services.AddSingleton<IDetector>(provider => new RuleDetector(rule, provider.GetRequiredService<TimeProvider>(), new DetectionLimits()));
        }

        services.AddSingleton<DetectionQueue>();
        services.AddSingleton<IEventObserver>(provider => provider.GetRequiredService<DetectionQueue>());
        services.AddHostedService<DetectionService>();
    }
}
