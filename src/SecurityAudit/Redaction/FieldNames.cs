using System.Collections.Frozen;

namespace SecurityAudit.Redaction;

/// <summary>Which names a further field may have. What has another name is not lost: it is recorded among the attributes, as <c>field:name</c>.</summary>
internal static class FieldNames
{
    public const int MaxLength = 128;

    /// <summary>The name of an attribute or field that was given none.</summary>
    public const string Unnamed = "unnamed";

    /// <summary>The journal's own, and what the event's properties and the redaction write: nobody else may say it.</summary>
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "@timestamp", "event.sequence", "event.hash", "event.action", "event.kind", "event.category", "event.type", "event.outcome",
        "event.severity", "event.id", "event.reason", "message", "security_audit.owasp.level",
        "security_audit.redaction", "security_audit.truncated",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] ReservedParts = ["journal", "security_audit.journal", "security_audit.attributes", "security_audit.shipping"];

    /// <summary>Objects of the Elastic Common Schema: a plain value of that name would keep an index from taking the event.</summary>
    private static readonly FrozenSet<string> Objects = new[]
    {
        "client", "destination", "ecs", "error", "event", "file", "group", "host", "http", "http.request", "http.response", "log", "process",
        "related", "rule", "security_audit", "server", "service", "session", "source", "span", "threat", "trace", "transaction", "url", "user",
        "user.changes", "user.effective", "user.target", "user_agent",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsUsable(string name) =>
        name.Length is > 0 and <= MaxLength
        && !name.AsSpan().ContainsAnyExceptInRange('!', '~')
        && name.AsSpan().IndexOfAny("\"\\*?") < 0
        && name[0] != '.' && name[^1] != '.' && !name.Contains("..", StringComparison.Ordinal)
        && !Reserved.Contains(name) && !Objects.Contains(name) && !Array.Exists(ReservedParts, part => IsPart(name, part));

    private static bool IsPart(string name, string part) =>
        name.StartsWith(part, StringComparison.OrdinalIgnoreCase) && (name.Length == part.Length || name[part.Length] == '.');
}
