using System.Buffers;
using System.Globalization;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>
/// Makes a hostile string harmless in every output: control characters, marks that turn the direction of writing, and invisible ones become
/// <c>\uXXXX</c>, one for each UTF-16 unit. In JSON that is the same value, so JSON stays JSON.
/// </summary>
/// <remarks>
/// What is recorded is bounded and unambiguous beside that: a backslash that was typed before <c>u</c> and four hexadecimal digits, and
/// would be taken for such an escape, is escaped, too, as <c>\u005C</c>. So every <c>\uXXXX</c> that is recorded stands for a character.
/// </remarks>
public static class VisibleText
{
    private const int EscapeLength = 6;

    // Without the backslash, which may have to be escaped.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    /// <summary>The text as a terminal or a page may show it. A backslash in it stays one, so that JSON is the same JSON.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(text, int.MaxValue, areEscapesTyped: false);
    }

    /// <summary>The text as it is recorded; cut with a marker where it would be longer than that many characters.</summary>
    internal static string Of(string text, int maxLength) => Of(text, maxLength, areEscapesTyped: true);

    /// <summary>The same for a text that was visible before the owner's code had it: an escape in it is one.</summary>
    internal static string Again(string visible, int maxLength) => Of(visible, maxLength, areEscapesTyped: false);

    private static string Of(string text, int maxLength, bool areEscapesTyped)
    {
        if (text.Length <= maxLength && text.AsSpan().IndexOfAnyExcept(Plain) < 0)
        {
            return text;
        }

        var visible = new StringBuilder(Math.Min(text.Length, maxLength - 32) + 32);
        for (var at = 0; at < text.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(text, at, out var rune); // not half of a surrogate pair
            var units = isWhole ? rune.Utf16SequenceLength : 1;
            var escaped = !isWhole || (rune.Value == '\\' ? areEscapesTyped && LooksEscaped(text, at) : InvisibleCharacters.Contains(rune));
            if (maxLength - visible.Length < (escaped ? units * EscapeLength : units))
            {
                return visible.Append(CultureInfo.InvariantCulture, $"…[cut, {text.Length} characters]").ToString();
            }

            for (var end = at + units; at < end; at++)
            {
                _ = escaped ? visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:X4}") : visible.Append(text[at]);
            }
        }

        return visible.ToString();
    }

    /// <summary>
    /// The same cut in a text that is visible already, at most that long with its marker, and never within an escape or a character.
    /// </summary>
    internal static string Cut(string visible, int maxLength)
    {
        var marker = string.Create(CultureInfo.InvariantCulture, $"…[cut, {visible.Length} characters]");
        var end = Math.Clamp(maxLength - marker.Length, 0, visible.Length);
        var escape = visible.AsSpan(0, end).LastIndexOf('\\');
        if (escape >= 0 && end - escape < EscapeLength && LooksEscaped(visible, escape))
        {
            end = escape;
        }

        return string.Concat(visible.AsSpan(0, end > 0 && char.IsHighSurrogate(visible[end - 1]) ? end - 1 : end), marker);
    }

    private static bool LooksEscaped(string text, int backslash) =>
        backslash + EscapeLength <= text.Length && text[backslash + 1] == 'u'
        && char.IsAsciiHexDigit(text[backslash + 2]) && char.IsAsciiHexDigit(text[backslash + 3])
        && char.IsAsciiHexDigit(text[backslash + 4]) && char.IsAsciiHexDigit(text[backslash + 5]);
}
