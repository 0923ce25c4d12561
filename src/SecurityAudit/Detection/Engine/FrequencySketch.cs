using System.Numerics;

namespace SecurityAudit.Detection.Engine;

/// <summary>
/// About how often a key was seen lately, in 4 MiB whatever is sent: a count-min sketch (Cormode and Muthukrishnan, 2005) of four rows, with
/// conservative update, that is halved every <see cref="Period"/> keys (TinyLFU: Einziger, Friedman and Manes, 2017).
/// </summary>
/// <remarks>
/// It never says less than was seen since the last halving. With a million different keys in a period, one key in six that was seen once is
/// taken for one that was seen twice, one in sixty for three times; who is let in for nothing is the first to make room.
/// </remarks>
internal sealed class FrequencySketch
{
    /// <summary>After so many keys all counts are halved: what was long ago counts less.</summary>
    public const int Period = 1 << 20;

    private const int Rows = 4;
    private const int Width = 1 << 20;

    private readonly byte[] _counts = new byte[Rows * Width];
    private int _seen;

    /// <summary>Counts it once more, and says how often that makes, 255 at most.</summary>
    public int Add(ulong key)
    {
        if (++_seen == Period)
        {
            Halve();
        }

        Span<int> cells = stackalloc int[Rows];
        var least = byte.MaxValue;
        for (var row = 0; row < Rows; row++)
        {
            key = (key ^ (key >> 31)) * 0x9E3779B97F4A7C15;
            cells[row] = (row * Width) + (int)(key >> (64 - BitOperations.Log2(Width)));
            least = byte.Min(least, _counts[cells[row]]);
        }

        if (least < byte.MaxValue)
        {
            least++;
            foreach (var cell in cells)
            {
                _counts[cell] = byte.Max(_counts[cell], least);
            }
        }

        return least;
    }

    private void Halve()
    {
        _seen /= 2;
        for (var index = 0; index < _counts.Length; index++)
        {
            _counts[index] >>= 1;
        }
    }
}
