namespace SecurityAudit;

/// <summary>
/// The field in which a raw session or token id travels to enrichment, which records its keyed hash as <c>session.id</c> and nothing else.
/// </summary>
internal static class SessionFields
{
    /// <summary>Never written, and in no list: enrichment takes it out of the event, also where the rest of it failed.</summary>
    public const string Identifier = "security_audit.session.raw";
}
