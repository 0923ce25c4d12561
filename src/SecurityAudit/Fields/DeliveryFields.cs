using System.Collections.Immutable;
using SecurityAudit.Journal;

namespace SecurityAudit.Fields;

/// <summary>The fields of what is told of the delivery of alerts.</summary>
internal static class DeliveryFields
{
    private const string Undelivered = "`audit_alert_undelivered`";

    private static readonly FieldList List = new(CoverageFields.All);

    /// <summary>Those before and these.</summary>
    public static FieldList All => List;

    public static Field<string> Channel { get; } = List.Own<string>("security_audit.delivery.channel", "The name of the channel that alerts go to.", Undelivered);

    public static Field<string> State { get; } = List.Own<string>(
        "security_audit.delivery.state",
        "`waiting`: it is tried again; `given_up`: these alerts are not delivered there any more; `skipped`: lines were gone before they were read.",
        Undelivered);

    public static Field<long> Count { get; } = List.Own<long>(
        "security_audit.delivery.count", "How many alerts wait, as far as they were read, or are given up; how many lines were gone.", Undelivered);

    public static Field<ImmutableArray<string>> Alerts { get; } = List.Own<ImmutableArray<string>>(
        "security_audit.delivery.alerts", "The ids of those alerts, 20 at most.", Undelivered + ", where they are known");
}
