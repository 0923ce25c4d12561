using System.Text;
using SecurityAudit.Journal;

namespace SecurityAudit.Recording;

/// <summary>Cuts what is too large for a line, field by field, and remembers the names of the fields that were cut.</summary>
/// <param name="most">The most bytes that one value may take in JSON.</param>
internal sealed class FittedText(int most)
{
    private const int MostNamed = 16;

    /// <summary>What a marker may take: <c>…[cut, 81920 characters]</c>.</summary>
    private const int Marker = 40;

    private readonly List<string> _cut = [];

    /// <summary>The names of what was cut, the first few of them; in the order of the line.</summary>
    public IReadOnlyList<string> Cut => _cut;

    public string Fit(string name, string text)
    {
        if (Cost(text) <= most)
        {
            return text;
        }

        Note(name);
        // At worst a character takes six bytes, so this ends after few steps, each shorter than the last.
        var length = Math.Min(text.Length, most);
        var fitted = VisibleText.Cut(text, length);
        while (Cost(fitted) > most + Marker && length > Marker)
        {
            length -= length / 4;
            fitted = VisibleText.Cut(text, length);
        }

        return fitted;
    }

    /// <summary>How many of these values fit together; at least one.</summary>
    public int Fit(string name, IReadOnlyList<string> texts)
    {
        var sum = 0;
        for (var count = 0; count < texts.Count; count++)
        {
            sum += Cost(texts[count]) + 3;
            if (sum > most && count > 0)
            {
                Note(name);
                return count;
            }
        }

        return texts.Count;
    }

    public void Note(string name)
    {
        if (_cut.Count < MostNamed && !_cut.Contains(name, StringComparer.Ordinal))
        {
            _cut.Add(name);
        }
    }

    /// <summary>An upper bound of the bytes in JSON: a quotation mark or a backslash takes two.</summary>
    private static int Cost(string text)
    {
        var span = text.AsSpan();
        return Encoding.UTF8.GetByteCount(span) + span.Count('"') + span.Count('\\');
    }
}
