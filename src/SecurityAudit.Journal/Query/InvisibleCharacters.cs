using System.Globalization;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// Which characters show nothing, turn the direction of writing, or pass for a space: what may not stand in a record as itself.
/// </summary>
/// <remarks>
/// Whole categories, and beside them the characters that Unicode calls letters, marks or symbols and that leave no ink all the same: its
/// default-ignorable code points, the Hangul fillers, variation selectors, tags, the blank of Braille, the null note head.
/// </remarks>
internal static class InvisibleCharacters
{
    public static bool Contains(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.SpaceSeparator => rune.Value != ' ',
        _ => LeavesNoInk(rune.Value),
    };

    private static bool LeavesNoInk(int value) => value is
        0x034F // combining grapheme joiner
        or 0x115F or 0x1160 or 0x3164 or 0xFFA0 // Hangul fillers
        or 0x17B4 or 0x17B5 // Khmer inherent vowels
        or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) // variation selectors
        or 0x2800 // Braille pattern blank
        or 0xFFFC // object replacement character
        or 0x16FE4 // Khitan small script filler
        or 0x1D159 // musical symbol null note head
        or (>= 0xE0000 and <= 0xE0FFF); // tags and variation selectors
}
