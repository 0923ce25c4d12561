namespace SecurityAudit.Journal;

/// <summary>The names of the fields that the journal itself writes into lines or reads from them. An event may have any others.</summary>
internal static class EventFields
{
    public const string JournalId = "journal.id";
    public const string Sequence = "event.sequence";
    public const string Hash = "event.hash";

    public const string Timestamp = "@timestamp";
    public const string Action = "event.action";
    public const string Category = "event.category";
    public const string Kind = "event.kind";
    public const string Outcome = "event.outcome";
    public const string Provider = "event.provider";
    public const string Reason = "event.reason";
    public const string Severity = "event.severity";
    public const string Type = "event.type";
    public const string EcsVersion = "ecs.version";
    public const string Message = "message";
    public const string Rule = "rule.name";
    public const string Source = "source.ip";
    public const string Path = "url.path";

    /// <summary>Who acted: the most telling name first.</summary>
    public static readonly string[] User = ["user.name", "user.email", "user.id"];

    /// <summary>Who was acted upon, likewise.</summary>
    public static readonly string[] Target = ["user.target.name", "user.target.email", "user.target.id"];

    /// <summary>What tells in words what happened, the best first.</summary>
    public static readonly string[] Words = [Message, Rule, Reason, ControlFields.Reason, Path];
}
