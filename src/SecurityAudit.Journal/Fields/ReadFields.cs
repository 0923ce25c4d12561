namespace SecurityAudit.Journal;

/// <summary>
/// The fields by which an event is shown and looked for, beside those that the journal writes. The core's list goes on from here.
/// </summary>
internal static class ReadFields
{
    private const string InRequest = "within a request";
    private const string OfEvents = "always, but for the journal's own lines";

    private static readonly FieldList List = new(JournalFields.All);

    /// <summary>Those of the journal and these.</summary>
    public static FieldList All => List;

    public static Field<string> Outcome { get; } = List.Ecs<string>("event.outcome", "`success`, `failure`, or `unknown`.", OfEvents);

    public static Field<int> Severity { get; } = List.Ecs<int>("event.severity", "How bad it is: 21 low, 47 medium, 73 high, 99 critical.", OfEvents);

    public static Field<string> Reason { get; } = List.Ecs<string>("event.reason", "Why it turned out this way.", "where there is a reason to tell");

    public static Field<string> RuleName { get; } =
        List.Ecs<string>("rule.name", "The policy, limit or rule that decided.", "denials by a named policy, rate limits with a name, alerts");

    public static Field<string> SourceIp { get; } = List.Ecs<string>("source.ip", "Where the request came from.", InRequest + "; alerts about a source", FieldType.Ip);

    public static Field<string> Path { get; } =
        List.Ecs<string>("url.path", "The path, without its query; secret route values masked.", InRequest, FieldType.Wildcard);

    public static Field<string> UserId { get; } = List.Ecs<string>("user.id", "Who acted: the account's id.", "where somebody is known");

    public static Field<string> UserName { get; } = List.Ecs<string>("user.name", "The account's name; never a name that no account has.", "where somebody is known");

    public static Field<string> UserEmail { get; } = List.Ecs<string>("user.email", "The account's e-mail address.", "where the capture knows it");

    public static Field<string> TargetId { get; } = List.Ecs<string>("user.target.id", "Who was acted upon: the account's id.", "where an account is acted upon");

    public static Field<string> TargetName { get; } = List.Ecs<string>("user.target.name", "That account's name.", "where an account is acted upon");

    public static Field<string> TargetEmail { get; } = List.Ecs<string>("user.target.email", "That account's e-mail address.", "where the capture knows it");

    /// <summary>Who acted: the most telling name first.</summary>
    public static IReadOnlyList<Field> User { get; } = [UserName, UserEmail, UserId];

    /// <summary>Who was acted upon, likewise.</summary>
    public static IReadOnlyList<Field> Target { get; } = [TargetName, TargetEmail, TargetId];

    /// <summary>What tells in words what happened, the best first.</summary>
    public static IReadOnlyList<Field> Words { get; } = [JournalFields.Message, RuleName, Reason, JournalFields.Reason, Path];
}
