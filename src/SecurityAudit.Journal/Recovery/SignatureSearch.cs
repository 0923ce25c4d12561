namespace SecurityAudit.Journal;

/// <summary>Goes back through a log and tells where it is worth looking for the end of proof: each segment is looked at once.</summary>
internal sealed class SignatureSearch(IReadOnlyList<VerifierKey> signers)
{
    private readonly List<SegmentBytes> _headless = [];

    /// <summary>Has this segment a header, and it or a headless one behind it a checkpoint that a key known there signed?</summary>
    public bool IsIn(SegmentBytes segment)
    {
        _headless.Add(segment);
        if (SegmentOpening.Read(segment)?.Head is not { } head)
        {
            return false;
        }

        VerifierKey[] keys = [.. signers, head.Key];
        var isSigned = _headless.Exists(candidate => SignedSize.In(candidate.Framed.Span, head.Id, keys) > 0);
        _headless.Clear();
        return isSigned;
    }
}
