namespace SecurityAudit.Journal;

/// <summary>One thing that is wrong, and where.</summary>
/// <param name="Kind">What.</param>
/// <param name="Segment">The path of the segment, or of the log directory.</param>
/// <param name="Offset">The first bad byte in the segment.</param>
/// <param name="Sequence">The first line that is in doubt; every line before it is good as far as the finding goes.</param>
/// <param name="Message">What was found and what was expected.</param>
public sealed record VerificationFinding(FindingKind Kind, string Segment, long Offset, long Sequence, string Message);
