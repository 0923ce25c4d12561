using System.Buffers;
using System.Globalization;
using System.Text;

namespace SecurityAudit.Redaction;

/// <summary>Makes a hostile string harmless in every output: control, bidirectional and invisible characters become visible escapes, length is bounded.</summary>
internal static class VisibleText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static string Of(string text, int maxLength)
    {
        var cut = text.Length > maxLength;
        var kept = cut ? text.AsSpan(0, char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength) : text.AsSpan();
        if (!cut && kept.IndexOfAnyExcept(Plain) < 0)
        {
            return text;
        }

        var visible = new StringBuilder(kept.Length + 32);
        foreach (var rune in kept.EnumerateRunes())
        {
            Append(visible, rune);
        }

        return cut ? visible.Append(CultureInfo.InvariantCulture, $"…[cut, {text.Length} characters]").ToString() : visible.ToString();
    }

    private static void Append(StringBuilder visible, Rune rune)
    {
        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
                visible.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
                break;
            default:
                visible.Append(rune.ToString());
                break;
        }
    }
}
