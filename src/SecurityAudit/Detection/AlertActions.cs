namespace SecurityAudit.Detection;

/// <summary>The actions of what detection says of an attack: of its alert the rule's own, of its summaries and its end those of all rules.</summary>
internal static class AlertActions
{
    public const string Prefix = "alert_";
    public const string Summary = Prefix + "summary";
    public const string Resolved = Prefix + "resolved";

    public static string Of(string ruleId) => Prefix + ruleId;

    /// <summary>Asked of each line that detection reads, whose action is at hand.</summary>
    public static bool IsOne(ReadOnlySpan<byte> action) => action.StartsWith("alert_"u8);
}
