namespace SecurityAudit.Journal;

/// <summary>
/// Keeps the newest checkpoint of each log in a directory, as <c>&lt;journal.id&gt;.checkpoint</c>. It is worth as much as that directory
/// is hard to reach for whoever reaches the journal: another host's share, a volume that only grows.
/// </summary>
public sealed class FileAnchor : ICheckpointAnchor
{
    private readonly string _directory;

    /// <summary>
    /// Names the directory, which is created, kept out of version control, when the first checkpoint is published; one that is there stays
    /// as it is.
    /// </summary>
    public FileAnchor(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        _directory = directory;
    }

    /// <summary>The directory.</summary>
    internal string DirectoryPath => _directory;

    /// <inheritdoc/>
    public string Name => $"file anchor '{_directory}'";

    /// <inheritdoc/>
    /// <exception cref="JournalException">The file holds something that is not a checkpoint.</exception>
    public async ValueTask<Checkpoint?> LatestAsync(string origin, CancellationToken cancellationToken)
    {
        var path = PathOf(origin);
        if (!File.Exists(path))
        {
            return null;
        }

        return Checkpoint.TryParse(await File.ReadAllTextAsync(path, cancellationToken), out var checkpoint)
            ? checkpoint
            : throw new JournalException($"'{path}' holds no checkpoint, expected one as it was published. Restore it from a copy, or remove it and keep it as evidence.");
    }

    /// <inheritdoc/>
    public ValueTask PublishAsync(Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (!Directory.Exists(_directory))
        {
            Disk.CreateDirectory(_directory);
            WorkTree.Exclude(_directory);
        }

        var path = PathOf(checkpoint.Origin);
        Disk.ReplaceFile(path, path + ".next", System.Text.Encoding.UTF8.GetBytes(checkpoint.Note));
        return ValueTask.CompletedTask;
    }

    private string PathOf(string origin) => Path.Combine(_directory, origin[(origin.LastIndexOf('/') + 1)..] + ".checkpoint");
}
