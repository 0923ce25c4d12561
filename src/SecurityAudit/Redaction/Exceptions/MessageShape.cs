using System.Buffers;
using System.Text;

namespace SecurityAudit.Redaction.Exceptions;

/// <summary>A message as phrases and gaps: what is the same whenever that place in the program throws.</summary>
internal sealed class MessageShape
{
    private const char Gap = '…';

    private const int MaxJoint = 2;

    private static readonly SearchValues<char> Joints = SearchValues.Create(" .,:;()'\"\r\n");

    private readonly string[] _phrases;
    private readonly bool[] _gapBefore;
    private readonly bool _gapAtEnd;

    private MessageShape(string message, List<(int At, string Phrase)> found)
    {
        _phrases = [.. found.Select(part => part.Phrase)];
        _gapBefore = new bool[found.Count];
        var end = 0;
        for (var index = 0; index < found.Count; index++)
        {
            _gapBefore[index] = found[index].At > end;
            end = found[index].At + found[index].Phrase.Length;
        }

        _gapAtEnd = end < message.Length;
        Text = Render();
    }

    /// <summary>The phrases, and <c>…</c> for everything between them.</summary>
    public string Text { get; }

    /// <summary>The phrases of these books that stand in the message, the longest first.</summary>
    public static MessageShape Of(string message, IReadOnlyList<PhraseBook> books)
    {
        var found = new List<(int At, string Phrase)>();
        for (var at = 0; at < message.Length; at++)
        {
            string? longest = null;
            foreach (var book in books)
            {
                longest = book.LongestAt(message, at) is { } phrase && phrase.Length > (longest?.Length ?? 0) ? phrase : longest;
            }

            if (longest is not null)
            {
                found.Add((at, longest));
            }
        }

        var taken = new bool[message.Length];
        var kept = new List<(int At, string Phrase)>();
        foreach (var part in found.OrderByDescending(part => part.Phrase.Length).ThenBy(part => part.At))
        {
            var place = taken.AsSpan(part.At, part.Phrase.Length);
            if (!place.Contains(true))
            {
                place.Fill(true);
                kept.Add(part);
            }
        }

        return new MessageShape(message, Joined(message, [.. kept.OrderBy(part => part.At)]));
    }

    /// <summary>A space or a bracket between two phrases joins them; it is too little to be a value.</summary>
    private static List<(int At, string Phrase)> Joined(string message, List<(int At, string Phrase)> phrases)
    {
        var joined = new List<(int At, string Phrase)>();
        foreach (var part in phrases)
        {
            var end = joined.Count == 0 ? 0 : joined[^1].At + joined[^1].Phrase.Length;
            if (joined.Count > 0 && part.At - end is > 0 and <= MaxJoint && !message.AsSpan(end, part.At - end).ContainsAnyExcept(Joints))
            {
                joined.Add((end, message[end..part.At]));
            }

            joined.Add(part);
        }

        return joined;
    }

    /// <summary>Is that message made of these phrases, in this order, with gaps in the same places?</summary>
    public bool Fits(string message)
    {
        var end = 0;
        for (var index = 0; index < _phrases.Length; index++)
        {
            var at = _gapBefore[index] ? Find(message, _phrases[index], end) : end;
            if (at < 0 || !message.AsSpan(at).StartsWith(_phrases[index], StringComparison.Ordinal))
            {
                return false;
            }

            end = at + _phrases[index].Length;
        }

        return _phrases.Length > 0 && (_gapAtEnd || end == message.Length);
    }

    private static int Find(string message, string phrase, int from)
    {
        var at = message.IndexOf(phrase, from, StringComparison.Ordinal);
        return at >= 0 && Phrase.IsBoundary(message, at) && Phrase.IsBoundary(message, at + phrase.Length) ? at : -1;
    }

    private string Render()
    {
        var text = new StringBuilder();
        for (var index = 0; index < _phrases.Length; index++)
        {
            if (_gapBefore[index])
            {
                AppendGap(text, _phrases[index][0]);
            }

            text.Append(_phrases[index]);
        }

        if (_gapAtEnd)
        {
            AppendGap(text, '\0');
        }

        return text.ToString();
    }

    // A quotation that a phrase opens is closed again, whatever the message has: the mark follows from the phrase alone.
    private static void AppendGap(StringBuilder text, char next)
    {
        var before = text.Length == 0 ? '\0' : text[^1];
        text.Append(Gap);
        var mark = before switch { '\'' => '\'', '"' => '"', '`' => '`', '\u2018' => '\u2019', '\u201C' => '\u201D', '(' => ')', '[' => ']', '«' => '»', _ => '\0' };
        if (mark != '\0' && mark != next)
        {
            text.Append(mark);
        }

        if (next == '\0' && mark != ')' && text.ToString() is var all && all.Count(character => character == '(') > all.Count(character => character == ')'))
        {
            text.Append(')');
        }
    }
}
