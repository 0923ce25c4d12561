using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture;

/// <summary>What was seen of one gRPC call.</summary>
internal sealed class GrpcEvidence : Evidence
{
    /// <summary>The status that the service threw, where that may not show in the answer (gRPC-Web puts it into the body).</summary>
    public int? Status { get; set; }
}
