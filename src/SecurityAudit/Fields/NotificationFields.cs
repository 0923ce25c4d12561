namespace SecurityAudit.Fields;

/// <summary>The names by which an alert's line is read.</summary>
internal static class NotificationFields
{
    public const string Id = "security_audit.alert.id";
    public const string RuleDescription = "rule.description";
    public const string Advice = "security_audit.alert.advice";
    public const string Query = "security_audit.alert.query";
    public const string Command = "security_audit.alert.command";
}
