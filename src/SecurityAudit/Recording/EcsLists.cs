using System.Collections.Concurrent;
using System.Collections.Immutable;
using Serilog.Events;

namespace SecurityAudit.Recording;

/// <summary>Lists of texts as Serilog has them. Categories and types of ECS are few, and each list of them is made once.</summary>
internal static class EcsLists
{
    /// <summary>
    /// So many are remembered, and none of more or longer texts: ECS has no others, but nothing forces an application to use its words.
    /// </summary>
    private const int MostRemembered = 256;
    private const int MostTexts = 4;
    private const int LongestText = 32;

    private static readonly ConcurrentDictionary<ImmutableArray<string>, SequenceValue> Remembered = new(new SameTexts());

    /// <summary>The list of categories or types.</summary>
    public static SequenceValue Of(ImmutableArray<string> words)
    {
        if (!words.IsDefault && Remembered.TryGetValue(words, out var known))
        {
            return known;
        }

        var list = Made(words);
        if (!words.IsDefault && words.Length <= MostTexts && words.All(word => word.Length <= LongestText) && Remembered.Count < MostRemembered)
        {
            Remembered.TryAdd(words, list);
        }

        return list;
    }

    /// <summary>A list of its own.</summary>
    public static SequenceValue Made(ImmutableArray<string> texts)
    {
        var values = new LogEventPropertyValue[texts.IsDefault ? 0 : texts.Length];
        for (var at = 0; at < values.Length; at++)
        {
            values[at] = new ScalarValue(texts[at]);
        }

        return new SequenceValue(values);
    }

    private sealed class SameTexts : IEqualityComparer<ImmutableArray<string>>
    {
        public bool Equals(ImmutableArray<string> x, ImmutableArray<string> y) => x == y || x.AsSpan().SequenceEqual(y.AsSpan());

        public int GetHashCode(ImmutableArray<string> texts)
        {
            var hash = default(HashCode);
            foreach (var text in texts)
            {
                hash.Add(text, StringComparer.Ordinal);
            }

            return hash.ToHashCode();
        }
    }
}
