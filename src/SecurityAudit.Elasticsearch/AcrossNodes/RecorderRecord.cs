using SecurityAudit.Recording;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>Records alerts by the one write path into the journal of this process.</summary>
internal sealed class RecorderRecord(SecurityRecorder recorder) : IAlertRecord
{
    public bool TryRecord(SecurityEvent alert) => recorder.TryRecord(alert);
}
