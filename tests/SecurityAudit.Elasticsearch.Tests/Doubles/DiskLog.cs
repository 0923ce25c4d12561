using System.Text;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Journal;
using SecurityAudit.Opening;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>A real journal in a temporary folder, written by the real writer.</summary>
internal sealed class DiskLog : IDisposable
{
    private readonly TemporaryFolder? _owned;

    private DiskLog(string? directory)
    {
        _owned = directory is null ? new TemporaryFolder() : null;
        Directory = directory ?? Path.Combine(_owned!.Path, "audit");
    }

    public string Directory { get; }

    public JournalLog Log => JournalDirectory.Logs(Directory)[0];

    public static DiskLog Of(int events, Func<long, string>? payload = null, Action<JournalOptions>? configure = null)
    {
        var log = new DiskLog(null);
        log.Append(events, payload, configure);
        return log;
    }

    /// <summary>The journal that is there.</summary>
    public static DiskLog At(string directory) => new(directory);

    /// <summary>The id under which a line is stored.</summary>
    public string IdOf(long sequence)
    {
        using var reader = new JournalReader(Log.Directory);
        while (reader.TryRead(out var line))
        {
            if (line.Sequence == sequence)
            {
                return DocumentId.Of(Log.Id, sequence, line.Bookmark.Hash);
            }
        }

        throw new InvalidOperationException($"The journal has no line {sequence}.");
    }

    public void Append(int events, Func<long, string>? payload = null, Action<JournalOptions>? configure = null)
    {
        var options = new JournalOptions { WaitTimeout = TimeSpan.FromSeconds(30) };
        configure?.Invoke(options);
        using var writer = JournalWriter.Open(Directory, options);
        for (var i = 0; i < events; i++)
        {
            writer.Append(Encoding.UTF8.GetBytes((payload ?? Some.Payload)(i)));
        }
    }

    public void Dispose() => _owned?.Dispose();
}
