using System.Collections.Frozen;

namespace SecurityAudit.Elasticsearch.Kibana.Pages;

/// <summary>What people call a field that a panel shows.</summary>
internal static class Headings
{
    private static readonly FrozenDictionary<string, string> Known = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["error.type"] = "Exception",
        ["event.action"] = "What happened",
        ["event.outcome"] = "Outcome",
        ["event.reason"] = "Why",
        ["event.severity"] = "Severity",
        ["host.name"] = "Machine",
        ["journal.id"] = "Log",
        ["event.sequence"] = "Line",
        ["message"] = "In a sentence",
        ["related.ip"] = "Address",
        ["related.user"] = "Account",
        ["rule.name"] = "Rule or policy",
        ["security_audit.alert.advice"] = "What to do next",
        ["security_audit.alert.id"] = "Attack",
        ["security_audit.alert.stage"] = "Now",
        ["security_audit.authn.scheme"] = "Scheme",
        ["security_audit.change.after"] = "Became",
        ["security_audit.change.kind"] = "What was changed",
        ["security_audit.coverage.missing"] = "Hook that is not in place",
        ["security_audit.error.stack_hash"] = "Origin",
        ["security_audit.journal.host"] = "Machine that writes",
        ["service.name"] = "Application",
        ["service.version"] = "Version",
        ["session.id"] = "Session",
        ["source.ip"] = "Address",
        ["threat.technique.name"] = "Technique",
        ["url.path"] = "Path",
        ["user.hash"] = "Name, hashed",
        ["user.name"] = "Account",
        ["user.target.name"] = "Account acted upon",
        ["user_agent.original"] = "Program",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static string Of(string field) => Known[field];
}
