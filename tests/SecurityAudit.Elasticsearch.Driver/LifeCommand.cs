using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Driver;

/// <summary>Records until the log has as many lines as asked for, ships at the same time, tells how far it is, and ends when all is
/// shipped. It may be killed at any moment and started again.</summary>
internal static class LifeCommand
{
    /// <summary>Recording runs only so far ahead, so that faults meet the writer and the shipper at work.</summary>
    private const int Ahead = 10_000;

    public static async Task<int> RunAsync(string directory, Uri engine, string ns, ElasticsearchLayout layout, int events)
    {
        await using var application = await Application.StartAsync(directory, engine, options =>
        {
            (options.Namespace, options.Layout, options.BatchEvents) = (ns, layout, 500);
            (options.MinBackoff, options.MaxBackoff) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(500));
            (options.RequestTimeout, options.Linger, options.AnchorInterval) = (TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));
        });
        var journal = application.Journal();
        ShippingRecord? told = null;
        while (true)
        {
            var record = application.Shipped();
            for (var i = 0; i < 500 && journal.Size < events && journal.Size - (record?.Next ?? 0) < Ahead; i++)
            {
                journal.Append(Application.Payload(journal.Size));
            }

            if (record is not null && record != told)
            {
                Console.WriteLine($"at {record.Next} {record.State} dead {record.DeadLetters} doubtful {record.Doubtful} {record.LastAnswer?.ReplaceLineEndings(" ")}");
                told = record;
            }

            if (record is not null && journal.Size >= events && record.Next >= events)
            {
                return 0;
            }

            await Task.Delay(10);
        }
    }
}
