using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace SecurityAudit.Capture.BadRequests;

/// <summary>Begins to listen when the pipeline is built, which is before the server takes its first request.</summary>
internal sealed class EarlyListening : IStartupFilter
{
    public EarlyListening(ServerRefusals refusals) => ArgumentNullException.ThrowIfNull(refusals);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => next;
}
