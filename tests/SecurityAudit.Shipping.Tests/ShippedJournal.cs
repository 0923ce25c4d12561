using System.Globalization;
using System.Text;
using SecurityAudit.Journal;

namespace SecurityAudit.Shipping.Tests;

/// <summary>A journal in a temporary folder, and the shipping of its log to a destination.</summary>
internal sealed class ShippedJournal : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("shipping-");

    public string Path => System.IO.Path.Combine(_root.FullName, "audit");

    public JournalLog Log => JournalDirectory.Logs(Path)[0];

    public List<ShippingNotice> Notices { get; } = [];

    public ShippingOptions Options { get; set; } = new()
    {
        BatchEvents = 10, Linger = TimeSpan.Zero, MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(2),
    };

    public static ShippedJournal Of(int events)
    {
        var journal = new ShippedJournal();
        journal.Append(events);
        return journal;
    }

    public void Append(int events)
    {
        using var writer = JournalWriter.Open(Path, new JournalOptions { WarnFreeBytes = 0, CriticalFreeBytes = 0, ReserveBytes = 0 });
        for (var i = 0; i < events; i++)
        {
            writer.Append(Encoding.UTF8.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture, $$"""{"event.action":"authn_login_fail","@timestamp":"2026-11-24T03:00:00Z","user.name":"user{{i}}"}""")));
        }
    }

    /// <summary>Each line of the log as it stands there, by its sequence number.</summary>
    public SortedDictionary<long, string> Lines()
    {
        var lines = new SortedDictionary<long, string>();
        using var reader = new JournalReader(Log.Directory);
        while (reader.TryRead(out var line))
        {
            lines[line.Sequence] = Encoding.UTF8.GetString(line.Utf8.Span);
        }

        return lines;
    }

    public ShippingFiles Files() => new(Path, Log.Id);

    public LogShipper Shipper(IShippingDestination destination, TimeProvider? time = null) => new(destination, Options, Files(), time, null, Notices.Add);

    /// <summary>One life: from the bookmark to the end.</summary>
    public async Task<LogShipper> ShipAsync(IShippingDestination destination)
    {
        var shipper = Shipper(destination);
        using var reader = new JournalReader(Log.Directory, shipper.Record.Bookmark);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(60));
        await shipper.ToEndAsync(reader.TryRead, null, bound.Token);
        return shipper;
    }

    public void Dispose() => _root.Delete(recursive: true);
}
