using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using SecurityAudit.Journal;

namespace SecurityAudit.Recording;

/// <summary>
/// JSON for files that people read and grep: letters and signs of every script stand as themselves, the rare ones beyond U+FFFF, too.
/// </summary>
/// <remarks>
/// Escaped is what JSON demands, and what leaves no ink or turns the direction of writing; never meant for a page of HTML.
/// </remarks>
internal sealed class LegibleEncoder : JavaScriptEncoder
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static LegibleEncoder Instance { get; } = new();

    /// <summary>A character beyond U+FFFF: two escapes of six.</summary>
    public override int MaxOutputCharactersPerInputCharacter => 12;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar is '"' or '\\' || !Rune.IsValid(unicodeScalar) || InvisibleCharacters.Contains(new Rune(unicodeScalar));

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        for (var at = span.IndexOfAnyExcept(Plain); at >= 0 && at < span.Length;)
        {
            if (Rune.DecodeFromUtf16(span[at..], out var rune, out var units) != OperationStatus.Done || WillEncode(rune.Value))
            {
                return at;
            }

            var next = span[(at + units)..].IndexOfAnyExcept(Plain);
            at = next < 0 ? -1 : at + units + next;
        }

        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var output = new Span<char>(buffer, bufferLength);
        if (unicodeScalar is '"' or '\\')
        {
            return output.TryWrite(CultureInfo.InvariantCulture, $"\\{(char)unicodeScalar}", out numberOfCharactersWritten);
        }

        Span<char> units = stackalloc char[2];
        return new Rune(unicodeScalar).EncodeToUtf16(units) == 1
            ? output.TryWrite(CultureInfo.InvariantCulture, $"\\u{(int)units[0]:X4}", out numberOfCharactersWritten)
            : output.TryWrite(CultureInfo.InvariantCulture, $"\\u{(int)units[0]:X4}\\u{(int)units[1]:X4}", out numberOfCharactersWritten);
    }
}
