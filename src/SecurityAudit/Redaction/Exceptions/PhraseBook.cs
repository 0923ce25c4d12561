namespace SecurityAudit.Redaction.Exceptions;

/// <summary>The phrases of one assembly, found by how they begin. Immutable once built; bounded in characters.</summary>
internal sealed class PhraseBook
{
    /// <summary>Nothing is known: no metadata, or the assembly was made at run time.</summary>
    public static readonly PhraseBook Unknown = new(new HashSet<string>());

    private const int Key = 8;

    private readonly Dictionary<string, string[]> _byStart = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public PhraseBook(IReadOnlySet<string> phrases)
    {
        foreach (var group in phrases.GroupBy(phrase => phrase[..Math.Min(Key, phrase.Length)], StringComparer.Ordinal))
        {
            _byStart.Add(group.Key, [.. group.OrderByDescending(phrase => phrase.Length)]);
        }

        (_lookup, Characters) = (_byStart.GetAlternateLookup<ReadOnlySpan<char>>(), phrases.Sum(phrase => (long)phrase.Length));
    }

    /// <summary>How much text it holds.</summary>
    public long Characters { get; }

    /// <summary>The longest phrase that stands in the message there, whole words alone; null for none.</summary>
    public string? LongestAt(string message, int at)
    {
        if (!Phrase.IsBoundary(message, at))
        {
            return null;
        }

        var rest = message.AsSpan(at);
        if (rest.Length >= Key && _lookup.TryGetValue(rest[..Key], out var phrases))
        {
            foreach (var phrase in phrases)
            {
                if (rest.StartsWith(phrase, StringComparison.Ordinal) && Phrase.IsBoundary(message, at + phrase.Length))
                {
                    return phrase;
                }
            }
        }

        for (var length = Math.Min(Key - 1, rest.Length); length >= 4; length--)
        {
            if (_lookup.TryGetValue(rest[..length], out var whole) && whole[0].Length == length && Phrase.IsBoundary(message, at + length))
            {
                return whole[0];
            }
        }

        return null;
    }
}
