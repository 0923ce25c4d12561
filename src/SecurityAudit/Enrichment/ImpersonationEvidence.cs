namespace SecurityAudit.Enrichment;

/// <summary>What one request made of who acts as whom.</summary>
internal sealed class ImpersonationEvidence : Evidence
{
    /// <summary>Who was signed in before the request signed out or in, and who acted as them, if that was somebody else.</summary>
    public (AuditUser Account, AuditUser? Actor, string? Scheme)? Before { get; set; }

    /// <summary>Who begins to act as somebody else.</summary>
    public AuditUser? Actor { get; set; }

    /// <summary>As whom.</summary>
    public AuditUser? Account { get; set; }

    /// <summary>That it ends is on record.</summary>
    public bool IsEnded { get; set; }
}
