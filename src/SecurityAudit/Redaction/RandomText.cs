using System.Buffers;

namespace SecurityAudit.Redaction;

/// <summary>
/// Tells what looks like a token from what people and programs call their things. A guess: what it holds for random is masked.
/// </summary>
internal static class RandomText
{
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>
    /// Small and capital letters and digits mixed over that many characters of base64, a hexadecimal number of at least 32 digits without
    /// hyphens, or the beginning of a token that is known.
    /// </summary>
    public static bool IsLikely(ReadOnlySpan<char> text, int leastMixed = 24, bool hexadecimal = true) =>
        IsKnown(text) || (text.Length >= leastMixed && IsMixed(text)) || (hexadecimal && text.Length >= 32 && IsHexadecimal(text));

    /// <summary>A JSON web token; a payload of ASP.NET Core's Data Protection, as Identity's reset links have it.</summary>
    private static bool IsKnown(ReadOnlySpan<char> text) =>
        text.Length >= 16 && (text.StartsWith("eyJ", StringComparison.Ordinal) || text.StartsWith("CfDJ8", StringComparison.Ordinal));

    private static bool IsMixed(ReadOnlySpan<char> text)
    {
        bool small = false, capital = false, digit = false;
        foreach (var character in text)
        {
            small |= char.IsAsciiLetterLower(character);
            capital |= char.IsAsciiLetterUpper(character);
            digit |= char.IsAsciiDigit(character);
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.' or '~' or '+' or '=' or '%'))
            {
                return false;
            }
        }

        return small && capital && digit;
    }

    private static bool IsHexadecimal(ReadOnlySpan<char> text) => text.ContainsAnyInRange('0', '9') && !text.ContainsAnyExcept(Hexadecimal);
}
