namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>Where alerts are recorded; whoever delivers them reads them there.</summary>
internal interface IAlertRecord
{
    /// <summary>False when it was not taken, so that it is tried again.</summary>
    bool TryRecord(SecurityEvent alert);
}
