using System.Text;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>A real journal in a temporary folder, written by the real writer.</summary>
internal sealed class DiskLog : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Directory => Path.Combine(_folder.Path, "audit");

    public JournalLog Log => JournalDirectory.Logs(Directory)[0];

    public static DiskLog Of(int events, Func<long, string>? payload = null, Action<JournalOptions>? configure = null)
    {
        var log = new DiskLog();
        log.Append(events, payload, configure);
        return log;
    }

    public void Append(int events, Func<long, string>? payload = null, Action<JournalOptions>? configure = null)
    {
        var options = new JournalOptions { WaitTimeout = TimeSpan.FromSeconds(30) };
        configure?.Invoke(options);
        using var writer = JournalWriter.Open(Directory, options);
        for (var i = 0; i < events; i++)
            writer.Append(Encoding.UTF8.GetBytes((payload ?? Some.Payload)(i)));
    }

    public void Dispose() => _folder.Dispose();
}
