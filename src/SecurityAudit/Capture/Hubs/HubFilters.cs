using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Capture.Hubs;

/// <summary>Puts the outermost filter before all others; the options of single hubs begin with those of all hubs.</summary>
internal sealed class OutermostFilter(AuditedHubFilter filter) : IConfigureOptions<HubOptions>
{
    public void Configure(HubOptions options) => options.AddFilter(filter);
}

/// <summary>Puts the innermost filter behind all others: those of all hubs, and those that a single hub has besides.</summary>
internal sealed class InnermostFilter<TOptions>(InnermostHubFilter filter) : IPostConfigureOptions<TOptions>
    where TOptions : HubOptions
{
    public void PostConfigure(string? name, TOptions options) => options.AddFilter(filter);
}
