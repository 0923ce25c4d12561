using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// How many columns of a terminal a visible text takes: two for the wide characters of East Asia and for pictures, one for any other.
/// </summary>
/// <remarks>A combining mark counts too, though it takes none: a letter under a thousand marks is then cut as what it is.</remarks>
internal static class TextWidth
{
    /// <summary>The text cut, with an ellipsis, or filled up to exactly that many columns.</summary>
    public static string Fit(string text, int width)
    {
        var taken = 0;
        var end = 0;
        var lastThatLeavesRoom = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            taken += Of(rune);
            if (taken > width)
            {
                var cut = text[..lastThatLeavesRoom];
                return width == 0 ? "" : (cut + "…").PadRight(cut.Length + width - Of(cut));
            }

            end += rune.Utf16SequenceLength;
            lastThatLeavesRoom = taken < width ? end : lastThatLeavesRoom;
        }

        return text.PadRight(text.Length + width - taken);
    }

    private static int Of(string text) => text.EnumerateRunes().Sum(Of);

    private static int Of(Rune rune) => rune.Value is
        (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1F9FF) or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1;
}
