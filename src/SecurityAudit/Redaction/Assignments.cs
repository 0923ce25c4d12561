using System.Text;
using SecurityAudit.Fields;

namespace SecurityAudit.Redaction;

/// <summary>
/// Masks what stands behind a sensitive name and <c>=</c> or <c>:</c> in a text: <c>Password=a b;</c>, <c>Cookie: x=y</c>,
/// <c>{"otp":"1"}</c>.
/// </summary>
/// <remarks>
/// One pass, linear. Whatever the value is, more is masked rather than less: behind <c>=</c> up to the next <c>;</c> or <c>&amp;</c>,
/// behind <c>:</c> up to the end of the text, and a quoted value up to a quotation mark that ends it beyond doubt.
/// </remarks>
internal static class Assignments
{
    /// <summary>How far back a name is looked for: two words.</summary>
    private const int MaxName = 64;

    public static string Mask(string text, SensitiveNames sensitive)
    {
        StringBuilder? masked = null;
        var copied = 0;
        for (var at = text.AsSpan().IndexOfAny('=', ':'); at >= 0;)
        {
            var next = at + 1;
            if (NameBefore(text, at) is var name && sensitive.Match(name) && !SensitiveNames.IsHarmless(name[(name.TrimEnd().LastIndexOf(' ') + 1)..].Trim()))
            {
                var begin = at + 1;
                while (begin < text.Length && text[begin] is ' ' or '=' or ':')
                {
                    begin++;
                }

                next = EndOfValue(text, begin, text[at]);
                if (next > begin)
                {
                    masked ??= new StringBuilder(text.Length);
                    masked.Append(text, copied, begin - copied).Append(AuditFields.Mask);
                    copied = next;
                }
            }

            var more = next < text.Length ? text.AsSpan(next).IndexOfAny('=', ':') : -1;
            at = more < 0 ? -1 : next + more;
        }

        return masked is null ? text : masked.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>The one or two words before the sign, with or without quotation marks: <c>connection string</c> is a name, too.</summary>
    private static ReadOnlySpan<char> NameBefore(string text, int sign)
    {
        var end = sign;
        while (end > 0 && text[end - 1] is ' ' or '"' or '\'' or '`' or ']')
        {
            end--;
        }

        var begin = end;
        for (var words = 0; begin > 0 && sign - begin < MaxName; begin--)
        {
            var before = text[begin - 1];
            if (before == ' ' && ++words == 2)
            {
                break;
            }

            if (before != ' ' && !char.IsLetterOrDigit(before) && before is not ('_' or '-' or '.' or '$' or '[' or '\\'))
            {
                break;
            }
        }

        return text.AsSpan(begin, end - begin);
    }

    private static int EndOfValue(string text, int begin, char sign)
    {
        if (begin >= text.Length)
        {
            return begin;
        }

        if (text[begin] is '"' or '\'' or '{')
        {
            return EndOfQuoted(text, begin);
        }

        var end = sign == '=' ? text.AsSpan(begin).IndexOfAny(';', '&') : -1;
        return end < 0 ? text.Length : begin + end;
    }

    /// <summary>
    /// A quotation mark ends a value only where a list or an object goes on or ends behind it: an apostrophe may stand in a password.
    /// </summary>
    private static int EndOfQuoted(string text, int begin)
    {
        var mark = text[begin] == '{' ? '}' : text[begin];
        for (var at = begin + 1; at < text.Length; at++)
        {
            if (text[at] == mark && text[at - 1] != '\\' && (at + 1 == text.Length || text[at + 1] is ',' or ';' or '}' or ']' or '&'))
            {
                return at + 1;
            }
        }

        return text.Length;
    }
}
