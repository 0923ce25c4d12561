namespace SecurityAudit.Detection.Engine;

/// <summary>
/// About how often a key was seen lately, in 8 MiB whatever is sent: a count-min sketch (Cormode and Muthukrishnan, 2005) of four rows, with
/// conservative update, that is halved every <see cref="Period"/> keys (TinyLFU: Einziger, Friedman and Manes, 2017). A key's four counts
/// stand in one line of the processor's cache.
/// </summary>
/// <remarks>
/// It never says less than was seen since the last halving. With a million different keys in a period, one key in twenty that was seen once is
/// taken for one that was seen twice (35 of 900 measured, none for three times); who is let in for nothing is the first to make room.
/// </remarks>
internal sealed class FrequencySketch
{
    /// <summary>After so many keys all counts are halved: what was long ago counts less.</summary>
    public const int Period = 1 << 20;

    private const int Rows = 4;
    private const int CountsInARow = 16;
    private const int Line = Rows * CountsInARow;
    private const int Lines = 1 << 17;

    private readonly byte[] _counts = new byte[Lines * Line];
    private int _seen;

    /// <summary>Counts it once more, and says how often that makes, 255 at most.</summary>
    public int Add(ulong key)
    {
        if (++_seen == Period)
        {
            Halve();
        }

        key = (key ^ (key >> 31)) * 0x9E3779B97F4A7C15;
        key ^= key >> 29;
        var line = _counts.AsSpan((int)(key % Lines) * Line, Line);
        var places = key >> 32;
        var least = byte.MaxValue;
        for (var row = 0; row < Rows; row++)
        {
            least = byte.Min(least, line[Place(places, row)]);
        }

        if (least < byte.MaxValue)
        {
            least++;
            for (var row = 0; row < Rows; row++)
            {
                ref var count = ref line[Place(places, row)];
                count = byte.Max(count, least);
            }
        }

        return least;
    }

    private static int Place(ulong places, int row) => (row * CountsInARow) + (int)((places >> (row * 4)) % CountsInARow);

    private void Halve()
    {
        _seen /= 2;
        for (var index = 0; index < _counts.Length; index++)
        {
            _counts[index] >>= 1;
        }
    }
}
