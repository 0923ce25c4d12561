using System.Text;
using SecurityAudit.Journal;
using Serilog.Events;

namespace SecurityAudit.Recording;

/// <summary>Cuts what is too large for a line, field by field, and remembers the names of the fields that were cut.</summary>
/// <param name="most">The most bytes that one value may take in JSON.</param>
internal sealed class FittedText(int most)
{
    private const int MostNamed = 16;

    /// <summary>What one character takes in JSON at most.</summary>
    private const int MostBytes = 6;

    /// <summary>What a marker may take: <c>…[cut, 81920 characters]</c>.</summary>
    private const int Marker = 40;

    private List<string>? _cut;

    /// <summary>The names of what was cut, the first few of them; in the order of the line.</summary>
    public IReadOnlyList<string> Cut => _cut ?? (IReadOnlyList<string>)[];

    /// <summary>A part of a field, as an attribute is of the attributes.</summary>
    public string Fit(string name, string part, string text) => IsSmall(text) ? text : Fit($"{name}.{part}", text);

    public string Fit(string name, string text)
    {
        if (IsSmall(text) || Cost(text) <= most)
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

    /// <summary>How many of these values, texts, fit together; at least one.</summary>
    public int Fit(string name, IReadOnlyList<LogEventPropertyValue> texts)
    {
        var sum = 0;
        for (var count = 0; count < texts.Count && most < int.MaxValue; count++)
        {
            sum += Cost(EcsJson.TextOf(texts[count])) + 3;
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
        if (Cut.Count < MostNamed && !Cut.Contains(name, StringComparer.Ordinal))
        {
            (_cut ??= []).Add(name);
        }
    }

    private bool IsSmall(string text) => text.Length <= most / MostBytes;

    /// <summary>An upper bound of the bytes in JSON: a quotation mark or a backslash takes two.</summary>
    private static int Cost(string text)
    {
        var span = text.AsSpan();
        return Encoding.UTF8.GetByteCount(span) + span.Count('"') + span.Count('\\');
    }
}
