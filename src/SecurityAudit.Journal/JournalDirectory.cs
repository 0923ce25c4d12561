using System.Globalization;

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
        return new JournalLog(logDirectory, Identity(segments), segments);
    }

    /// <summary>The segments in one log directory, by their first sequence number. Files of other names are not looked at.</summary>
    public static IReadOnlyList<JournalSegment> Segments(string logDirectory) =>
        [.. Directory.EnumerateFiles(logDirectory, "*.jsonl").Select(JournalSegment.At).OfType<JournalSegment>().OrderBy(s => s.First)];

    /// <summary>The logs of which a line could be read.</summary>
    internal static IEnumerable<JournalLog> Named(string directory) => Logs(directory).Where(log => log.Id.Length > 0);

    /// <summary>The logs of other processes that nobody writes now, one after another; each is looked at when its turn comes.</summary>
    internal static IEnumerable<JournalLog> LeftBehind(string directory, string ownId) =>
        Named(directory).Where(log => log.Id != ownId && !LogInUse.IsWritten(log.Directory));

    /// <summary>The journal directory that a log directory belongs to: itself, or the one above a slot.</summary>
    internal static string Holding(string logDirectory)
    {
        var path = Path.TrimEndingDirectorySeparator(logDirectory);
        return Path.GetFileName(path).StartsWith(SlotPrefix, StringComparison.Ordinal) && Path.GetDirectoryName(path) is { } above ? above : logDirectory;
    }

    private static int SlotNumber(string path)
    {
        var name = Path.GetFileName(path);
        return int.TryParse(name.AsSpan(SlotPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
            && name == LogDirectory("", slot)
            ? slot
            : 0;
    }

    /// <summary>The identity in the first line that is what its hash says; empty when there is none.</summary>
    internal static string Identity(IEnumerable<JournalSegment> segments)
    {
        var identity = new LineIdentity();
        foreach (var segment in segments)
        {
            try
            {
                using var lines = new SegmentLines(segment, 0);
                while (lines.TryNext(out var framed))
                {
                    if (identity.IsOf(framed.Span, long.MaxValue, out _, out _))
                    {
                        return identity.Text;
                    }
                }
            }
            catch (FileNotFoundException)
            {
                // Pruned since the directory was listed: the next segment tells.
            }
        }

        return "";
    }
}
