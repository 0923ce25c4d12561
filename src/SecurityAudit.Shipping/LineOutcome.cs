namespace SecurityAudit.Shipping;

/// <summary>What became of one line.</summary>
/// <param name="Verdict">In a word.</param>
/// <param name="Status">The destination's code for it, such as an HTTP status.</param>
/// <param name="Place">Where in the destination it is; empty when that is not told.</param>
/// <param name="Reason">What the destination said, for people; null when all is well.</param>
/// <param name="Doubt">Why it is not sure that the line is stored once; null when it is.</param>
internal readonly record struct LineOutcome(LineVerdict Verdict, int Status, string Place, string? Reason, Doubt? Doubt = null);
