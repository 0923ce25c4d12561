namespace SecurityAudit.Journal;

/// <summary>Where one segment of a log ends and the next begins: each declares the tree of the lines before it.</summary>
internal sealed class SegmentBoundary(LogTree tree, VerificationPlace place, SignedHistory history, LineVerification lines)
{
    /// <summary>The beginning of a segment.</summary>
    public void Enter(bool isFirst)
    {
        var opening = SegmentOpening.Read(place.Segment);
        if (opening?.Control is { } control)
        {
            if (control.Format != JournalLineFormat.Version)
            {
                place.Bad(FindingKind.UnreadableControlLine, 0, $"the segment declares format {control.Format}; this verifier knows format {JournalLineFormat.Version}");
            }

            if (VerifierKey.TryParse(control.VerifierKey, out var key))
            {
                history.Trust.Declare(key);
            }

            if (opening.Before is null)
            {
                place.Bad(FindingKind.WrongFrontier, 0, "the frontier in journal.opened contradicts itself: its size, root and hashes do not belong together");
            }
        }

        if (opening?.Before is { } declared)
        {
            var isSame = isFirst ? place.Expected > 0 || declared.Size == 0 : tree.IsKnown && declared.Root().AsSpan().SequenceEqual(tree.Root());
            if (!isSame && !place.IsRootExplained)
            {
                place.Bad(FindingKind.WrongFrontier, 0, Math.Max(history.Verified, place.First),
                    $"the segment's frontier is not that of the lines before it: one of the lines {history.Verified} to {place.Expected - 1} was altered and "
                    + "hashed anew, or the frontier was");
            }

            tree.Adopt(declared);
            place.IsRootExplained = false;
        }
        else if (isFirst)
        {
            if (place.Expected > 0)
            {
                tree.Lose();
            }

            if (opening is { Control: null })
            {
                place.Bad(FindingKind.WrongFrontier, 0, "the segment does not begin with journal.opened, so it cannot be verified without the segment before it");
            }
        }

        place.Good();
    }

    /// <summary>The end of a segment that another follows.</summary>
    public void Leave(JournalSegment next, long position)
    {
        if (place.Expected < next.First)
        {
            lines.Jump(next.First, position, "at the end of this segment");
        }
        else if (SegmentOpening.Read(next) is not { Control: null })
        {
            if (position < new FileInfo(place.Segment.Path).Length)
            {
                place.Bad(FindingKind.OutOfOrder, position, $"something follows line {place.Expected - 1}, the last before the next segment");
            }
        }
        else if (SegmentOverlap.FirstDifference(place.Segment, position, next) is { } difference)
        {
            place.Bad(FindingKind.OverlapDiffers, difference.Offset, difference.Sequence, $"line {difference.Sequence} is another one in the next segment, which repeats it");
        }
    }
}
