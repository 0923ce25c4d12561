using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Detection;

namespace SecurityAudit.Responses;

internal static class ResponseRegistration
{
    public static void AddResponse(this IServiceCollection services)
    {
        services.AddSingleton<BlockedSources>();
        services.AddSingleton<ForwardedSources>();
        services.AddSingleton<UnblockedSources>();
        services.AddSingleton<SourceBlocking>();
        services.AddSingleton<SessionEnding>();
        services.AddSingleton<HookCalls>();
        services.AddSingleton<ResponseService>();
        services.AddSingleton<IAlertListener>(static provider => provider.GetRequiredService<ResponseService>());
        services.AddHostedService(static provider => provider.GetRequiredService<ResponseService>());
    }
}
