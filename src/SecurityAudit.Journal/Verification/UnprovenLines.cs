namespace SecurityAudit.Journal;

/// <summary>
/// Lines that stand, but that no signature covers, or that were adopted without one: whoever can write the files can have written them.
/// </summary>
/// <param name="From">The first line.</param>
/// <param name="To">Behind the last line.</param>
/// <param name="WereAdopted">
/// Were they at the end of the log when a crash ended it, and adopted at the next start? Otherwise they are behind the last checkpoint.
/// </param>
/// <param name="Earliest">The earliest <c>@timestamp</c> in them; null when none has one.</param>
/// <param name="Latest">The latest.</param>
public sealed record UnprovenLines(long From, long To, bool WereAdopted, DateTimeOffset? Earliest, DateTimeOffset? Latest)
{
    /// <summary>How many.</summary>
    public long Count => To - From;

    /// <summary>The time that they span, as they say themselves.</summary>
    public TimeSpan Span => Latest - Earliest ?? TimeSpan.Zero;
}
