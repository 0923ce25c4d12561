using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Commands;

/// <summary>Checkpoints that were kept outside the journal: one note in a file, or the directory that a file anchor writes to.</summary>
internal static class CheckpointFiles
{
    public static IEnumerable<Checkpoint> Read(string path)
    {
        if (!Directory.Exists(path))
        {
            return [ReadOne(path)];
        }

        var files = Directory.GetFiles(path, "*.checkpoint");
        return files.Length > 0
            ? files.Order(StringComparer.Ordinal).Select(ReadOne)
            : throw new IOException(
                $"The directory '{path}' holds no *.checkpoint files, expected those of a file anchor. "
                + "Name the directory that the application's anchor writes to, or one file.");
    }

    public static Checkpoint ReadOne(string file)
    {
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"There is no file '{file}', expected a checkpoint that was kept elsewhere: a signed note of origin, size and root.");
        }

        return Checkpoint.TryParse(File.ReadAllText(file), out var checkpoint)
            ? checkpoint
            : throw new FormatException($"'{file}' holds no checkpoint, expected origin, size, base64 root, a blank line and signature lines (c2sp.org/tlog-checkpoint).");
    }
}
