using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.TokenRequests;

/// <summary>What is recorded of one request to a token server.</summary>
internal sealed class TokenRequestEvidence : Evidence
{
    /// <summary>A token was issued in it, or it was refused, and that is recorded.</summary>
    public bool IsRecorded { get; set; }
}
