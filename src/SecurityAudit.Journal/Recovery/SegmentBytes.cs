namespace SecurityAudit.Journal;

/// <summary>A segment in memory, behind one byte of room for hashing.</summary>
internal readonly record struct SegmentBytes(long First, Memory<byte> Framed)
{
    public int Length => Framed.Length - 1;
}
