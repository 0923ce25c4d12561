using System.Text.Json;

namespace SecurityAudit.Journal.Tests;

/// <summary>A temporary directory for a journal that the real writer writes, and what the tests ask about it.</summary>
internal sealed class JournalFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("journal-");

    /// <summary>The journal directory; it does not exist before a writer makes it.</summary>
    public string Path => System.IO.Path.Combine(_root.FullName, "audit");

    public string AnchorPath => System.IO.Path.Combine(_root.FullName, "anchor");

    public Notices Notices { get; } = new();

    public string Segment(long first) => System.IO.Path.Combine(Path, JournalSegment.NameOf(first));

    public JournalOptions Options(Action<JournalOptions>? change = null)
    {
        var options = new JournalOptions { OnNotice = Notices.Add, WarnFreeBytes = 0, CriticalFreeBytes = 0, ReserveBytes = 0 };
        change?.Invoke(options);
        return options;
    }

    public JournalWriter Open(Action<JournalOptions>? change = null) => JournalWriter.Open(Path, Options(change));

    public JournalWriter Open(IDisk disk, Action<JournalOptions>? change = null) => JournalWriter.Open(Path, Options(change), disk);

    /// <summary>All lines of a log as JSON, in order; a line that a later segment repeats is there once.</summary>
    public IReadOnlyList<JsonElement> Lines(string? logDirectory = null)
    {
        var lines = new List<JsonElement>();
        using var reader = new JournalReader(logDirectory ?? Path);
        while (reader.TryRead(out var line))
        {
            lines.Add(JsonElement.Parse(line.Utf8.Span));
        }

        return lines;
    }

    public IReadOnlyList<string> Actions(string? logDirectory = null) =>
        [.. Lines(logDirectory).Select(line => line.GetProperty("event.action").GetString()!)];

    /// <summary>The checkpoints in a log with the sequence number of the line in which each stands.</summary>
    public IReadOnlyList<(long Sequence, Checkpoint Checkpoint)> Checkpoints() =>
        [.. Lines().Where(line => line.GetProperty("event.action").GetString() == ControlAction.Checkpoint)
            .Select(line => (line.GetProperty("event.sequence").GetInt64(), Checkpoint.Parse(line.GetProperty(JournalFields.Checkpoint.Name).GetString()!)))];

    public void AssertSound() => Sound.Assert(Path);

    public void Dispose() => _root.Delete(recursive: true);
}
