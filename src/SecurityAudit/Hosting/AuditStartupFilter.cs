using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using SecurityAudit.Capture;
using SecurityAudit.Refusal;

namespace SecurityAudit.Hosting;

/// <summary>Puts capture before everything that the application adds, and refusal, where the owner chose it, before that.</summary>
internal sealed class AuditStartupFilter(JournalGate gate) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        if (gate.Refuses)
        {
            application.UseMiddleware<RefusalMiddleware>();
        }

        application.UseMiddleware<SecurityAuditMiddleware>();
        next(application);
    };
}
