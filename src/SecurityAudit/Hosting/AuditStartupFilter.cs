using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture;
using SecurityAudit.Refusal;
using SecurityAudit.Responses;

namespace SecurityAudit.Hosting;

/// <summary>Puts capture before everything that the application adds, refusal, where the owner chose it, before that, and the block of sources first.</summary>
internal sealed class AuditStartupFilter : IStartupFilter
{
    private readonly JournalGate _gate;
    private readonly bool _blocks;

    public AuditStartupFilter(JournalGate gate, FrameworkMeters meters, HostDiagnostics diagnostics, IOptions<SecurityAuditOptions> options)
    {
        // Made here so that they listen before the first request: a host may start its server before its other services.
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(diagnostics);
        _gate = gate;
        _blocks = options.Value.Response is { BlockSource.Enabled: true, DryRun: false };
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        if (_blocks)
        {
            application.UseMiddleware<BlockedSourceMiddleware>();
        }

        if (_gate.Refuses)
        {
            application.UseMiddleware<RefusalMiddleware>();
        }

        application.UseMiddleware<SecurityAuditMiddleware>();
        next(application);
    };
}
