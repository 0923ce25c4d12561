namespace SecurityAudit.Redaction.Exceptions;

/// <summary>The phrases of one assembly, found by how they begin. Immutable once built; bounded in characters.</summary>
internal sealed class PhraseBook
{
    /// <summary>Nothing is known: no metadata, or the assembly was made at run time.</summary>
    public static readonly PhraseBook Unknown = new(new HashSet<string>());

    private const int Key = Phrase.MinLength;

    private readonly Dictionary<string, string[]> _byStart = new(StringComparer.Ordinal);
    private readonly bool _hasShorter;
    private readonly Dictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public PhraseBook(IReadOnlySet<string> phrases)
    {
        foreach (var group in phrases.GroupBy(phrase => phrase[..Math.Min(Key, phrase.Length)], StringComparer.Ordinal))
        {
            _byStart.Add(group.Key, [.. group.OrderByDescending(phrase => phrase.Length)]);
        }

        _hasShorter = _byStart.Keys.Any(start => start.Length < Key);
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

        // Only scripts without spaces have phrases that are shorter than the key.
        return _hasShorter && rest.Length >= Key - 1 && _lookup.TryGetValue(rest[..(Key - 1)], out var shorter) ? shorter[0] : null;
    }
}
