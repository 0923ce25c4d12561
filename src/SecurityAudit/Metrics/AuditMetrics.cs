using System.Diagnostics.Metrics;
using SecurityAudit.Journal;

namespace SecurityAudit.Metrics;

/// <summary>The meter <c>SecurityAudit</c>: what was recorded, what was dropped, what failed on the way.</summary>
internal sealed class AuditMetrics
{
    public const string MeterName = "SecurityAudit";

    private readonly Counter<long> _recorded;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _sinksDropped;
    private readonly Counter<long> _forgotten;
    private readonly Counter<long> _sinksFailed;
    private readonly Meter _meter;

    public AuditMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(MeterName);
        _recorded = meter.CreateCounter<long>("security_audit.events.recorded", "{event}", "Events that the journal took.");
        _dropped = meter.CreateCounter<long>("security_audit.events.dropped", "{event}", "Events that the journal could not take.");
        _failures = meter.CreateCounter<long>("security_audit.failures", "{failure}", "Failures inside capture, enrichment or redaction, by stage.");
        _refused = meter.CreateCounter<long>("security_audit.refusals", "{refusal}", "What was refused because it could not have been recorded.");
        _sinksDropped = meter.CreateCounter<long>("security_audit.sinks.dropped", "{event}", "Events that the sinks beside the journal had no room for, by sinks.");
        _forgotten = meter.CreateCounter<long>("security_audit.forgotten", "{entry}", "What a full table of sources or sessions had to forget, by table.");
        _sinksFailed = meter.CreateCounter<long>("security_audit.sinks.failed", "{event}", "Events that failed in the sinks beside the journal, by sinks.");
    }

    /// <summary>The journal's state: 0 healthy, 1 degraded, 2 failed or not there.</summary>
    public void Watch(Func<JournalHealth> journal) => _meter.CreateObservableGauge(
        "security_audit.journal.state", () => (int)journal().State, unit: null, "The journal's state: 0 healthy, 1 degraded, 2 not written.");

    public void Recorded() => _recorded.Add(1);

    public void Dropped() => _dropped.Add(1);

    public void Refused() => _refused.Add(1);

    /// <summary>How many lines of the journal detection has not judged yet.</summary>
    public void WatchDetection(Func<long> behind) => _meter.CreateObservableGauge(
        "security_audit.detection.behind", behind, "{event}", "Durable lines of the journal that detection has not judged yet.");

    public void Forgot(string table, long count = 1) => _forgotten.Add(count, new KeyValuePair<string, object?>("table", table));

    public void SinkDropped(string sinks, long count) => _sinksDropped.Add(count, new KeyValuePair<string, object?>("sinks", sinks));

    public void SinkFailed(string sinks, long count) => _sinksFailed.Add(count, new KeyValuePair<string, object?>("sinks", sinks));

    public void Failed(string stage) => _failures.Add(1, new KeyValuePair<string, object?>("stage", stage));
}
