using System.Globalization;

namespace SecurityAudit.Redaction.Exceptions;

/// <summary>What of a literal is text that a message may show, and where it may stand in one.</summary>
/// <remarks>
/// The rules are made against the letter-by-letter leak: no value can be spelt from literals of a letter, a word or a key, because none of
/// them is a phrase. What remains: a value, or a part of one between word boundaries, that equals a whole phrase of these assemblies stands
/// in clear.
/// </remarks>
internal static class Phrase
{
    public const int MinLength = 5;
    public const int MaxLength = 1024;

    private const int MinLetters = 4;

    /// <summary>Chinese, Japanese, Thai have no spaces between words.</summary>
    private const int MinUnspacedLetters = 4;

    /// <summary>The phrases of a literal that may be a format: what stands between its items <c>{0}</c>, <c>{Name}</c>.</summary>
    public static IEnumerable<string> Of(string literal)
    {
        var begin = 0;
        for (var at = 0; at < literal.Length; at++)
        {
            if (literal[at] is not ('{' or '}'))
            {
                continue;
            }

            var isDouble = at + 1 < literal.Length && literal[at + 1] == literal[at];
            var end = isDouble ? at + 2 : literal[at] == '{' && literal.IndexOf('}', at) is > 0 and var close ? close + 1 : at + 1;
            // "{{" is one brace in what is formatted, and a phrase may go on behind it; it is cut there all the same, which only shows
            // less.
            if (IsText(literal.AsSpan(begin, at - begin)))
            {
                yield return literal[begin..at];
            }

            begin = end;
            at = end - 1;
        }

        if (IsText(literal.AsSpan(begin)))
        {
            yield return literal[begin..];
        }
    }

    /// <summary>
    /// Two words at least, or one that a space and a punctuation mark stand with (<c>Forbidden: </c>), and nothing in it that looks like a
    /// secret: a connection string or a key that stands in a program is a constant, too.
    /// </summary>
    public static bool IsText(ReadOnlySpan<char> phrase)
    {
        if (phrase.Length is < MinLength or > MaxLength)
        {
            return phrase.Length is >= MinUnspacedLetters and < MinLength && CountUnspaced(phrase) >= MinUnspacedLetters;
        }

        int letters = 0, words = 0;
        bool inWord = false, space = false, mark = false;
        foreach (var character in phrase)
        {
            var isWord = char.IsLetterOrDigit(character) || (inWord && character is '\'' or '\u2019');
            words += isWord && !inWord ? 1 : 0;
            letters += char.IsLetter(character) ? 1 : 0;
            space |= char.IsWhiteSpace(character);
            mark |= !isWord && !char.IsWhiteSpace(character);
            inWord = isWord;
        }

        var isText = letters >= MinLetters && space && (words >= 2 || mark);
        return (isText || CountUnspaced(phrase) >= MinUnspacedLetters) && !MayBeSecret(phrase);
    }

    /// <summary>May a phrase that begins with this character begin there? Not in the midst of a word.</summary>
    public static bool IsBoundary(string message, int at) =>
        at <= 0 || at >= message.Length || !IsWordCharacter(message[at - 1]) || !IsWordCharacter(message[at]);

    private static bool IsWordCharacter(char character) => char.IsLetterOrDigit(character) && !IsUnspaced(character);

    private static bool IsUnspaced(char character) => character >= 0x0E00 && char.GetUnicodeCategory(character) == UnicodeCategory.OtherLetter;

    private static int CountUnspaced(ReadOnlySpan<char> phrase)
    {
        var count = 0;
        foreach (var character in phrase)
        {
            count += IsUnspaced(character) ? 1 : 0;
        }

        return count;
    }

    private static bool MayBeSecret(ReadOnlySpan<char> phrase)
    {
        foreach (var word in phrase.SplitAny(" \t\r\n'\"(),;"))
        {
            if (RandomText.IsLikely(phrase[word], leastMixed: 16))
            {
                return true;
            }
        }

        if (phrase.IndexOfAny('=', ':') < 0)
        {
            return phrase.Contains("-----BEGIN", StringComparison.Ordinal);
        }

        var text = phrase.ToString();
        return !ReferenceEquals(Assignments.Mask(text, SensitiveNames.Usual), text)
            || (text.Contains("://", StringComparison.Ordinal) && text.Contains('@', StringComparison.Ordinal));
    }
}
