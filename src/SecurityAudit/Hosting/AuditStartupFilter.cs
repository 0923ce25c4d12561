using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using SecurityAudit.Capture;

namespace SecurityAudit.Hosting;

/// <summary>Puts the one middleware before everything that the application adds.</summary>
internal sealed class AuditStartupFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        application.UseMiddleware<SecurityAuditMiddleware>();
        next(application);
    };
}
