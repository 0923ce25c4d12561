using System.Text.Json;

namespace SecurityAudit.Journal;

/// <summary>
/// The bookmarks of those who read a journal from outside its process: <c>shipping/{journal.id}*.bookmark</c> (<c>{journal.id}.json</c> in
/// versions before), a JSON object with the member <c>bookmark</c>, a <see cref="JournalBookmark"/>, or without it when nothing is settled
/// yet.
/// </summary>
internal static class BookmarkFiles
{
    public const string FolderName = "shipping";
    public const string Extension = ".bookmark";

    private const int Longest = 64 * 1024;

    /// <summary>
    /// Every bookmark file of a log with the number of lines that it has settled: 0 when it cannot be read, so that nothing is removed on
    /// its account.
    /// </summary>
    public static IReadOnlyList<(string Path, long Settled)> Of(JournalLog log)
    {
        var folder = Path.Combine(JournalDirectory.Holding(log.Directory), FolderName);
        return log.Id.Length == 0 || !Directory.Exists(folder)
            ? []
            : [.. Directory.EnumerateFiles(folder, log.Id + "*").Where(IsBookmark).Order(StringComparer.Ordinal).Select(path => (path, Settled(path)))];

        bool IsBookmark(string path) => path.EndsWith(Extension, StringComparison.Ordinal) || Path.GetFileName(path) == log.Id + ".json";
    }

    private static long Settled(string path)
    {
        if (new FileInfo(path).Length is 0 or > Longest) // a pipe has no length, and would never end
        {
            return 0;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.TryGetProperty("bookmark", out var bookmark) && bookmark.ValueKind == JsonValueKind.Object
                && bookmark.TryGetProperty("sequence", out var sequence) && sequence.TryGetInt64(out var last) && last is >= 0 and < long.MaxValue
                ? last + 1
                : 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FileNotFoundException)
        {
            return 0; // told as the reader that holds segments back
        }
    }
}
