using System.Globalization;

namespace SecurityAudit.Journal;

/// <summary>Makes sure that a journal can live in a directory, and says what to do when it cannot.</summary>
internal static class JournalPlace
{
    /// <summary>Creates the directory if need be, kept out of version control, and looks it over.</summary>
    /// <exception cref="JournalException">It is a file, holds something else, or lies on a network.</exception>
    public static void Prepare(string directory, JournalOptions options)
    {
        if (File.Exists(directory))
        {
            throw new JournalException($"'{directory}' is a file, expected a directory for the journal. Choose another path or move the file away.");
        }

        Disk.CreateDirectory(directory);
        if (!options.AllowNetworkFileSystem && new DriveInfo(Path.GetFullPath(directory)) is var drive)
        {
            RefuseNetwork(directory, drive.DriveType, drive.DriveFormat);
        }

        var stranger = Directory.EnumerateFiles(directory, "*.jsonl").FirstOrDefault(path => JournalSegment.At(path) is null);
        if (stranger is not null)
        {
            throw new JournalException(
                $"The directory '{directory}' holds '{Path.GetFileName(stranger)}', which is not a segment of a journal; "
                + "expected an empty directory or a journal. Give the journal a directory of its own.");
        }

        if (JournalDirectory.Segments(directory).Count == 0)
        {
            WorkTree.Exclude(directory); // before the first key is made in it
        }
    }

    internal static void RefuseNetwork(string directory, DriveType type, string format)
    {
        if (type == DriveType.Network)
        {
            throw new JournalException(
                $"'{directory}' lies on a network file system ({format}), expected a local one: its locks and its fsync cannot be relied on. "
                + "Choose a local directory, or set AllowNetworkFileSystem if you trust it.");
        }
    }

    /// <summary>What the system said, with what to do about it.</summary>
    public static JournalException Explain(string directory, Exception error) => new(
        Disk.IsFull(error)
            ? $"The volume of the journal '{directory}' is full: {error.Message} Expected room for at least one segment. Make room, or move the journal."
            : $"The journal '{directory}' cannot be opened: {error.Message} Expected a directory that {Who()} may read and write. "
                + "Correct its owner and mode, or choose another directory.",
        error);

    /// <summary>The user of this process: in a container he often has a number and no name.</summary>
    internal static string Who()
    {
        if (OperatingSystem.IsWindows())
        {
            return $"user '{Environment.UserName}'";
        }

        var number = string.Create(CultureInfo.InvariantCulture, $"user {Posix.EffectiveUser}");
        return Environment.UserName is { Length: > 0 } name ? $"{number} ('{name}')" : number;
    }
}
