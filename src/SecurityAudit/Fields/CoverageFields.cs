using System.Collections.Immutable;
using SecurityAudit.Journal;

namespace SecurityAudit.Fields;

/// <summary>The fields of <c>audit_coverage</c>, beside those of every event.</summary>
internal static class CoverageFields
{
    private const string Coverage = "`audit_coverage`";

    private static readonly FieldList List = new(EventFields.All);

    /// <summary>Those of the journal, those of every event and these.</summary>
    public static FieldList All => List;

    public static Field<ImmutableArray<string>> Captured { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.coverage.captured", "The hooks that are in place.", Coverage);

    public static Field<ImmutableArray<string>> Missing { get; } =
        List.Own<ImmutableArray<string>>("security_audit.coverage.missing", "The hooks that are not in place though the application has a use for them.", Coverage);

    public static Field<ImmutableArray<string>> CoveredParts { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.coverage.parts.covered", "The parts of the application of which everything is recorded, as `kind:name`.", Coverage);

    public static Field<ImmutableArray<string>> PartialParts { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.coverage.parts.partial", "The parts of which something is not recorded, as `kind:name`.", Coverage);

    public static Field<ImmutableArray<string>> MissingParts { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.coverage.parts.missing", "The parts of which nothing is recorded, as `kind:name`.", Coverage);

    public static Field<ImmutableArray<string>> NotApplicable { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.coverage.not_applicable", "The hooks that the application has no use for.", Coverage);

    public static Field<ImmutableArray<string>> Remedies { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.coverage.remedies", "What closes the gaps, each with what it is for.", Coverage + ", where there is a gap");

    public static Field<ImmutableArray<string>> AcceptedGaps { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.coverage.accepted", "The gaps that the owner accepts, each as `kind:name` with the owner's reason.", Coverage + ", where there are any");

    public static Field<ImmutableArray<string>> UnmatchedAcceptedGaps { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.coverage.accepted_unmatched", "The accepted names that are no gap of the application: mistyped, or closed since.", Coverage + ", where there are any");

    public static Field<string> Retention { get; } = List.Own<string>(
        "security_audit.coverage.retention", "How long the journal keeps a segment at least, as configuration has it (`30.00:00:00`); `unlimited`: for ever.", Coverage);

    public static Field<ImmutableArray<string>> Sinks { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.coverage.sinks", "Where events go beside the journal, by names: what ships it, what holds its checkpoints, Serilog's sinks. Never an address.", Coverage);
}
