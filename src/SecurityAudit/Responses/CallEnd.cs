namespace SecurityAudit.Responses;

/// <summary>How a call into the application ended.</summary>
/// <param name="Failure">What it threw; null where it threw nothing.</param>
/// <param name="Reason">Why it did not end well; null where it did.</param>
/// <param name="IsLeft">It runs on, and nobody waits for it.</param>
internal sealed record CallEnd(Exception? Failure, string? Reason, bool IsLeft)
{
    public static CallEnd Well { get; } = new(null, null, IsLeft: false);
}
