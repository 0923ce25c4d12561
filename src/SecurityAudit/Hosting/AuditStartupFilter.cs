using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using SecurityAudit.Capture;
using SecurityAudit.Refusal;

namespace SecurityAudit.Hosting;

/// <summary>Puts capture before everything that the application adds, and refusal, where the owner chose it, before that.</summary>
internal sealed class AuditStartupFilter : IStartupFilter
{
    private readonly JournalGate _gate;

    public AuditStartupFilter(JournalGate gate, FrameworkMeters meters)
    {
        // Made here so that it listens before the first request: a host may start its server before its other services.
        ArgumentNullException.ThrowIfNull(meters);
        _gate = gate;
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        if (_gate.Refuses)
        {
            application.UseMiddleware<RefusalMiddleware>();
        }

        application.UseMiddleware<SecurityAuditMiddleware>();
        next(application);
    };
}
