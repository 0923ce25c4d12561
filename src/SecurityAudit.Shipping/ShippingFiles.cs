using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SecurityAudit.Journal;

namespace SecurityAudit.Shipping;

/// <summary>
/// What shipping remembers of one log, in <c>shipping/</c> under the journal directory: the bookmark, the dead letters, the doubtful
/// ranges.
/// </summary>
/// <remarks>All of it is for this user alone. The journal stays the truth: whatever is lost here is sent again and met by its id.</remarks>
internal sealed class ShippingFiles
{
    private readonly ProgressFile<ShippingRecord> _bookmark;
    private readonly ProgressFile<ShippingRecord> _bookmarkBefore;
    private readonly string _deadLetters;
    private readonly string _doubts;
    private readonly string _skipped;

    /// <param name="journalDirectory">The journal's directory.</param>
    /// <param name="logId">The log.</param>
    /// <param name="isRepair">Shipping single lines on the side keeps a bookmark of its own, which nobody else asks about.</param>
    public ShippingFiles(string journalDirectory, string logId, bool isRepair = false)
    {
        Directory = Path.Combine(journalDirectory, BookmarkFiles.FolderName);
        LogId = logId;
        IsRepair = isRepair;
        _bookmark = Bookmark(isRepair ? ".repair" : BookmarkFiles.Extension);
        _bookmarkBefore = Bookmark(isRepair ? ".repair.json" : ".json");
        _skipped = Path.Combine(Directory, logId + ".skipped.jsonl");
        _deadLetters = Path.Combine(Directory, logId + ".dead.jsonl");
        _doubts = Path.Combine(Directory, logId + ".doubtful.jsonl");
        WasShipped = !isRepair && (File.Exists(_bookmark.LockPath) || File.Exists(_deadLetters) || File.Exists(_doubts) || File.Exists(_skipped));
    }

    public string Directory { get; }

    public string LogId { get; }

    public bool IsRepair { get; }

    /// <summary>Had this log been shipped when this was made, as far as what is left of it tells?</summary>
    public bool WasShipped { get; }

    public string DeadLetterPath => _deadLetters;

    /// <summary>Takes the right to ship this log; null while another process has it.</summary>
    public IDisposable? TryLock() => _bookmark.TryLock();

    /// <summary>What was saved last; null when nothing was, or not for this target.</summary>
    /// <exception cref="InvalidDataException">The file is not one of ours.</exception>
    public ShippingRecord? Load(string? target = null)
    {
        var record = _bookmark.Load() ?? _bookmarkBefore.Load();
        return target is null || record?.Target == target ? record : null;
    }

    /// <summary>Replaces the bookmark: after a crash there is the old one or the new one, whole.</summary>
    public void Save(ShippingRecord record)
    {
        _bookmark.Save(record);
        _bookmarkBefore.Forget();
    }

    public void AddDeadLetter(long sequence, DateTimeOffset at, int status, string reason, ReadOnlySpan<byte> line)
    {
        var buffer = new ArrayBufferWriter<byte>(line.Length + 512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("at", at);
            json.WriteString(JournalFields.LogId.Name, LogId);
            json.WriteNumber(JournalFields.Sequence.Name, sequence);
            json.WriteNumber("status", status);
            json.WriteString("reason", reason);
            json.WriteString("event", Encoding.UTF8.GetString(line)); // as text: the very bytes may be what is wrong with it
            json.WriteEndObject();
        }

        Append(_deadLetters, buffer);
    }

    public void AddDoubt(DoubtfulRange range) => Add(_doubts, range, ShippingJson.Default.DoubtfulRange);

    public IReadOnlyList<DoubtfulRange> Doubts() => Read(_doubts, ShippingJson.Default.DoubtfulRange);

    public void AddSkipped(SkippedRange range) => Add(_skipped, range, ShippingJson.Default.SkippedRange);

    /// <summary>By range, each once: a crash may have told one again.</summary>
    public IReadOnlyList<SkippedRange> Skipped() => [.. Read(_skipped, ShippingJson.Default.SkippedRange).DistinctBy(range => (range.From, range.To))];

    /// <summary>The dead letters by sequence number, the last word on each.</summary>
    public IReadOnlyList<DeadLetter> DeadLetters()
    {
        var letters = new SortedDictionary<long, DeadLetter>();
        foreach (var line in Lines(_deadLetters))
        {
            using var json = JsonDocument.Parse(line);
            var sequence = json.RootElement.GetProperty(JournalFields.Sequence.Name).GetInt64();
            letters[sequence] = new DeadLetter(
                LogId, sequence, json.RootElement.GetProperty("at").GetDateTimeOffset(),
                json.RootElement.GetProperty("status").GetInt32(), json.RootElement.GetProperty("reason").GetString()!);
        }

        return [.. letters.Values];
    }

    public void ForgetBookmark()
    {
        _bookmark.Forget();
        _bookmarkBefore.Forget();
    }

    /// <summary>Whatever was doubtful has been looked at.</summary>
    public void ForgetDoubts()
    {
        if (File.Exists(_doubts)) // a journal that others ship has no such folder
        {
            File.Delete(_doubts);
        }
    }

    private ProgressFile<ShippingRecord> Bookmark(string extension) => new(
        Directory, LogId, extension, ShippingJson.Default.ShippingRecord,
        "the bookmark of a log's shipping. Delete it: shipping begins anew, and events that are stored already are met by their id.");

    private void Add<T>(string path, T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            JsonSerializer.Serialize(json, value, type);
        }

        Append(path, buffer);
    }

    private static IReadOnlyList<T> Read<T>(string path, JsonTypeInfo<T> type)
        where T : class => [.. Lines(path).Select(line => JsonSerializer.Deserialize(line, type)).OfType<T>()];

    private static string[] Lines(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var text = File.ReadAllText(path);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries); // a torn last line is written again
    }

    private void Append(string path, ArrayBufferWriter<byte> line)
    {
        Disk.CreateDirectory(Directory);
        var isNew = !File.Exists(path);
        line.Write("\n"u8);
        using var file = Disk.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        file.Seek(0, SeekOrigin.End);
        if (file.Length > 0)
        {
            file.Seek(-1, SeekOrigin.End);
            if (file.ReadByte() != '\n')
            {
                file.SetLength(LastLineStart(file)); // torn by a crash
            }
        }

        file.Write(line.WrittenSpan);
        Disk.Sync(file);
        if (isNew)
        {
            Disk.Sync(Directory);
        }
    }

    private static long LastLineStart(FileStream file)
    {
        for (var at = file.Length - 1; at > 0; at--)
        {
            file.Seek(at - 1, SeekOrigin.Begin);
            if (file.ReadByte() == '\n')
            {
                return at;
            }
        }

        return 0;
    }
}
