using System.Diagnostics.Metrics;

namespace SecurityAudit.Recording;

/// <summary>The meter <c>SecurityAudit</c>: what was recorded, what was dropped, what failed on the way.</summary>
internal sealed class AuditMetrics
{
    public const string MeterName = "SecurityAudit";

    private readonly Counter<long> _recorded;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _refused;

    public AuditMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _recorded = meter.CreateCounter<long>("security_audit.events.recorded", "{event}", "Events that the journal took.");
        _dropped = meter.CreateCounter<long>("security_audit.events.dropped", "{event}", "Events that the journal could not take.");
        _failures = meter.CreateCounter<long>("security_audit.failures", "{failure}", "Failures inside capture, enrichment or redaction, by stage.");
        _refused = meter.CreateCounter<long>("security_audit.refusals", "{refusal}", "What was refused because it could not have been recorded.");
    }

    public void Recorded() => _recorded.Add(1);

    public void Dropped() => _dropped.Add(1);

    public void Refused() => _refused.Add(1);

    public void Failed(string stage) => _failures.Add(1, new KeyValuePair<string, object?>("stage", stage));
}
