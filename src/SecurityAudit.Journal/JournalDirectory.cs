using System.Globalization;
using System.Text;

namespace SecurityAudit.Journal;

/// <summary>What a journal directory holds.</summary>
public static class JournalDirectory
{
    private const string SlotPrefix = "slot-";

    /// <summary>The directory of a log by its number: 0 is the journal directory itself.</summary>
    public static string LogDirectory(string directory, int slot) =>
        slot == 0 ? directory : Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{SlotPrefix}{slot}"));

    /// <summary>The logs that have segments, in the order of their slots.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    public static IReadOnlyList<JournalLog> Logs(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var slots = Directory.EnumerateDirectories(directory, SlotPrefix + "*")
            .Select(path => (Path: path, Slot: SlotNumber(path)))
            .Where(slot => slot.Slot > 0)
            .OrderBy(slot => slot.Slot);
        return [.. slots.Select(slot => slot.Path).Prepend(directory).Select(Log).Where(log => log.Segments.Count > 0)];
    }

    /// <summary>The log in one log directory.</summary>
    public static JournalLog Log(string logDirectory)
    {
        var segments = Segments(logDirectory);
        return new JournalLog(logDirectory, segments.Select(ReadId).FirstOrDefault(id => id.Length > 0, ""), segments);
    }

    /// <summary>The segments in one log directory, by their first sequence number. Files of other names are not looked at.</summary>
    public static IReadOnlyList<JournalSegment> Segments(string logDirectory) =>
        [.. Directory.EnumerateFiles(logDirectory, "*.jsonl").Select(JournalSegment.At).OfType<JournalSegment>().OrderBy(s => s.First)];

    private static int SlotNumber(string path)
    {
        var name = Path.GetFileName(path);
        return int.TryParse(name.AsSpan(SlotPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
            && name == LogDirectory("", slot)
            ? slot
            : 0;
    }

    /// <summary>The identity that a segment begins with; empty when it begins otherwise.</summary>
    internal static string ReadId(JournalSegment segment)
    {
        Span<byte> start = stackalloc byte[JournalLineFormat.IdOffset + JournalLineFormat.IdLength];
        try
        {
            using var file = File.OpenHandle(segment.Path, share: FileShare.ReadWrite | FileShare.Delete);
            var id = start[..RandomAccess.Read(file, start, fileOffset: 0)];
            return id.Length == start.Length && JournalLineFormat.IsId(id[JournalLineFormat.IdOffset..])
                ? Encoding.ASCII.GetString(id[JournalLineFormat.IdOffset..])
                : "";
        }
        catch (FileNotFoundException)
        {
            return ""; // pruned since the directory was listed
        }
    }
}
