using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.BadRequests;

/// <summary>Says that the pipeline has told how this request was refused, or that there is nothing to tell.</summary>
internal sealed class BadRequestEvidence : Evidence;
