namespace SecurityAudit.Journal;

/// <summary>What a log comes to once all of it was read: which lines nothing proves, and the verdict.</summary>
internal sealed class Judgement
{
    private readonly SignedHistory _history;
    private readonly VerifyOptions _options;

    public Judgement(IReadOnlyList<JournalSegment> segments, VerificationPlace place, SignedHistory history, VerifyOptions options)
    {
        _history = history;
        _options = options;
        var ranges = history.Statements.Adopted.Where(range => range.To > place.First).Order().ToList();
        var adopted = ranges.Count;
        var end = Math.Max(history.ProvenEnd, place.First);
        if (end < place.Expected)
        {
            ranges.Add((end, place.Expected));
        }

        Unproven = [.. ranges.Zip(StampedLines.Spans(segments, ranges), (range, span) => (range, span))
            .Select((lines, i) => new UnprovenLines(lines.range.From, lines.range.To, WereAdopted: i < adopted, lines.span.Earliest, lines.span.Latest))];
    }

    public IReadOnlyList<UnprovenLines> Unproven { get; }

    public JournalVerdict Verdict(int findings) =>
        findings > 0 ? JournalVerdict.NotSound
        : !_history.Trust.IsPinned ? JournalVerdict.Consistent
        : Unproven.Any(IsMoreThanACrashLeaves) ? JournalVerdict.Unproven
        : Unproven.Count > 0 ? JournalVerdict.PartlyProven
        : JournalVerdict.Sound;

    private bool IsMoreThanACrashLeaves(UnprovenLines lines) =>
        lines.Count > _options.MaxUnprovenLines
        || lines.Span > (_history.Statements.CheckpointInterval ?? VerifyOptions.DefaultCheckpointInterval) + _options.UnprovenGrace;
}
