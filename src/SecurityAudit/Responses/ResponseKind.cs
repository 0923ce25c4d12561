namespace SecurityAudit.Responses;

/// <summary>What is done about an alert, as <c>security_audit.response.kind</c> has it.</summary>
internal static class ResponseKind
{
    public const string BlockSource = "block_source";
    public const string EndSessions = "end_sessions";
    public const string Hook = "hook";
}
