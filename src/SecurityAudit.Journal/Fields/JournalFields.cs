using System.Collections.Immutable;

namespace SecurityAudit.Journal;

/// <summary>
/// The fields that the journal writes: those that frame every line, and those of its own lines. The core's list begins with them.
/// </summary>
internal static class JournalFields
{
    private const string Always = "every line";
    private const string EachSegment = "`journal.opened`, the first line of each segment";

    private static readonly FieldList List = [];

    public static FieldList All => List;

    public static Field<string> LogId { get; } = List.Own<string>("journal.id", "The identity of the log that the line belongs to: eight characters.", Always);

    public static Field<long> Sequence { get; } = List.Ecs<long>("event.sequence", "The number of the line in its log, from 0 on without a hole.", Always);

    public static Field<string> Hash { get; } = List.Ecs<string>("event.hash", "The RFC 6962 leaf hash of the line, in base64url.", Always);

    public static Field<DateTimeOffset> Timestamp { get; } = List.Ecs<DateTimeOffset>("@timestamp", "When it happened, in UTC.", Always);

    public static Field<string> Action { get; } =
        List.Ecs<string>("event.action", "What happened: the name in the OWASP Logging Vocabulary, where it has one.", Always);

    public static Field<string> Kind { get; } =
        List.Ecs<string>("event.kind", "`event`; `alert` where detection raised it; `pipeline_error` of an event that the engine refused.", Always);

    public static Field<ImmutableArray<string>> Category { get; } =
        List.Ecs<ImmutableArray<string>>("event.category", "What the event is about, in the categories of ECS.", Always);

    public static Field<ImmutableArray<string>> Type { get; } =
        List.Ecs<ImmutableArray<string>>("event.type", "What kind of event that is within its category.", Always);

    public static Field<string> Provider { get; } = List.Ecs<string>("event.provider", "`security-audit`.", Always);

    public static Field<string> EcsVersion { get; } = List.Ecs<string>("ecs.version", "The version of ECS that the names are of.", Always);

    public static Field<string> Message { get; } = List.Ecs<string>("message", "What happened, in a sentence.", "every event", FieldType.Text);

    public static Field<string> ErrorMessage { get; } = List.Ecs<string>(
        "error.message", "What of the exception's message may be recorded; why the engine refused an event.",
        "exceptions; in the engine, in the place of what it refused", FieldType.Text);

    public static Field<int> Format { get; } = List.Own<int>("security_audit.journal.format", "The version of the journal's format.", EachSegment);

    public static Field<long> Size { get; } = List.Own<long>(
        "security_audit.journal.size", "How many lines stood before the segment; how many bytes a crash had torn off.", EachSegment + "; `journal.recovered`");

    public static Field<string> Root { get; } = List.Own<string>("security_audit.journal.root", "The root hash of the tree before the segment, in base64.", EachSegment);

    public static Field<ImmutableArray<string>> Frontier { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.journal.frontier", "The hashes by which the tree goes on; for a verifier.", EachSegment, isIndexed: false);

    public static Field<string> Checkpoint { get; } = List.Own<string>(
        "security_audit.journal.checkpoint", "The signed note about the lines before, a C2SP checkpoint; for a verifier.",
        "`journal.checkpoint`; `journal.pruned`", isIndexed: false);

    public static Field<string> VerifierKey { get; } =
        List.Own<string>("security_audit.journal.verifier_key", "The key that signs from here on.", EachSegment + "; `journal.key_changed`");

    public static Field<string> Endorsement { get; } =
        List.Own<string>("security_audit.journal.endorsement", "The old key's signature under the new one.", "`journal.key_changed`, where the old key was at hand");

    public static Field<string> Host { get; } = List.Own<string>("security_audit.journal.host", "The machine on which the log was opened.", EachSegment);

    public static Field<string> Device { get; } =
        List.Own<string>("security_audit.journal.device", "The device of the log's folder.", EachSegment + ", where the platform tells it");

    public static Field<string> Inode { get; } =
        List.Own<string>("security_audit.journal.inode", "The inode of the log's folder.", EachSegment + ", where the platform tells it");

    public static Field<long> CheckpointInterval { get; } =
        List.Own<long>("security_audit.journal.checkpoint_interval", "The longest time between two checkpoints, in milliseconds.", EachSegment);

    public static Field<long> Process { get; } = List.Own<long>("security_audit.journal.process", "The id of the process that writes.", EachSegment);

    public static Field<long> Dropped { get; } = List.Own<long>("security_audit.journal.dropped", "How many events could not be recorded.", "`journal.gap`");

    public static Field<object> From { get; } = List.Own<object>(
        "security_audit.journal.from", "The first line that is meant, a number; of a gap its beginning, a moment.",
        "`journal.gap`, `journal.pruned`; `journal.recovered` with lines adopted");

    public static Field<object> To { get; } = List.Own<object>(
        "security_audit.journal.to", "The line behind the last that is meant, a number; of a gap its end, a moment.",
        "`journal.gap`, `journal.pruned`; `journal.recovered` with lines adopted");

    public static Field<string> Reason { get; } = List.Own<string>(
        "security_audit.journal.reason", "Why, in a sentence.", "`journal.gap`, `journal.recovered`, `journal.copied`; `journal.pruned` of lines that nobody had settled");

    /// <summary>Not in the journal: what a shipper stores in the place of a line that its destination refused.</summary>
    public static Field<bool> Envelope { get; } =
        List.Own<bool>(
            "security_audit.shipping.envelope", "`true`: the engine refused the event, which the journal holds whole; this says that there is one.",
            "in the engine alone, in the place of what it refused");
}
