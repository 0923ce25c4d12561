namespace SecurityAudit.Journal.Tests.Fuzzing;

/// <summary>Changes bytes as chance and the format's own words would: the same seed makes the same changes.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly string[] Words =
    [
        "\n", "\n\n", "{", "}", "\"", ",", ":", "[", "]", " ", "null", "-1", "0", "1", "1e9", "9223372036854775807", "9223372036854775808", "\\u0000", "=", "+", "\u2014 ",
        "\"journal.id\":\"", "\"event.sequence\":", "\"event.hash\":\"", "{\"event.action\":\"journal.opened\"", "{\"event.action\":\"journal.checkpoint\"",
        "\"event.action\":\"journal.pruned\"", "index ", "extra ", "old ", "c2sp.org/tlog-proof@v1\n", "security-audit/k3f5x2ab\n", "\u0000", "\u00ff",
    ];

    private static readonly byte[][] Dictionary = [.. Words.Select(Some.Utf8)];

    public Random Random { get; } = new(seed);

    /// <summary>One to four changes; never the same bytes.</summary>
    public byte[] Change(ReadOnlySpan<byte> original)
    {
        while (true)
        {
            var bytes = original.ToArray().ToList();
            for (var i = Random.Next(1, 5); i > 0; i--)
            {
                ChangeOnce(bytes);
            }

            if (!original.SequenceEqual(bytes.ToArray()))
            {
                return [.. bytes];
            }
        }
    }

    private void ChangeOnce(List<byte> bytes)
    {
        var at = Random.Next(bytes.Count + 1);
        var length = Math.Min(Random.Next(8) == 0 ? Random.Next(1, 400) : Random.Next(1, 9), bytes.Count - at);
        switch (Random.Next(8))
        {
            case 0 or 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << Random.Next(8));
                break;
            case 2 when at < bytes.Count:
                bytes[at] = (byte)Random.Next(256);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(Random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 5:
                bytes.InsertRange(at, Word());
                break;
            case 6:
                var word = Word();
                bytes.RemoveRange(at, Math.Min(word.Length, bytes.Count - at));
                bytes.InsertRange(at, word);
                break;
            case 7:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                break;
        }
    }

    private byte[] Word() => Dictionary[Random.Next(Dictionary.Length)];
}
