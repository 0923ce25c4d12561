using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>One file of a log, named by the sequence number of its first line.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="First">The sequence number of its first line.</param>
public sealed record JournalSegment(string Path, long First)
{
    private const string Extension = ".jsonl";
    private const int Digits = 20;

    /// <summary>The file's name, without its directory.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The name of the segment that begins with this sequence number: 20 digits and <c>.jsonl</c>.</summary>
    public static string NameOf(long first) => first.ToString("D20", CultureInfo.InvariantCulture) + Extension;

    /// <summary>The segment at a path, or null when the file has no segment's name.</summary>
    public static JournalSegment? At(string path)
    {
        var name = System.IO.Path.GetFileName(path.AsSpan());
        return name.Length == Digits + Extension.Length
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(name[..Digits], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            ? new JournalSegment(path, first)
            : null;
    }
}
