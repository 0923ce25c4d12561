using SecurityAudit.Journal;

namespace SecurityAudit.Fields;

/// <summary>The fields of what is done about alerts, beside those of every event.</summary>
internal static class ResponseFields
{
    private static readonly FieldList List = new(AlertFields.All);

    /// <summary>Those of the journal, those of every event, those of coverage and of alerts, and these.</summary>
    public static FieldList All => List;

    public static Field<string> Kind { get; } =
        List.Own<string>("security_audit.response.kind", "What is done: `block_source`, `end_sessions`, `hook`.", "events about responses");

    public static Field<DateTimeOffset> Until { get; } =
        List.Own<DateTimeOffset>("security_audit.response.until", "When the block is over by itself.", "blocks of a source");

    public static Field<long> Requests { get; } =
        List.Own<long>("security_audit.response.requests", "How many requests were refused so.", "`response_requests_blocked`, `response_block_ended`");

    public static Field<string> Hook { get; } =
        List.Own<string>("security_audit.response.hook", "The type of the application's own response.", "responses of the application's own");
}
