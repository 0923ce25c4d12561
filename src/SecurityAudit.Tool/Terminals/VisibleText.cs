using System.Globalization;
using System.Text;
using SecurityAudit.Redaction;

namespace SecurityAudit.Tool.Terminals;

/// <summary>
/// Text that can do nothing to a terminal: control characters, marks that turn the direction of writing, and other invisible ones stand as
/// <c>\u202e</c>. In JSON that is the same value, so JSON stays JSON.
/// </summary>
internal static class VisibleText
{
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            if (IsVisible(text, i, out var length))
            {
                visible.Append(text, i, length);
            }
            else
            {
                for (var unit = i; unit < i + length; unit++)
                    visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[unit]:x4}");
            }

            i += length - 1;
        }

        return visible.ToString();
    }

    private static bool IsVisible(string text, int index, out int length)
    {
        length = 1;
        if (!Rune.TryGetRuneAt(text, index, out var rune))
            return false; // half a surrogate pair
        length = rune.Utf16SequenceLength;
        return !InvisibleCharacters.Contains(rune);
    }
}
