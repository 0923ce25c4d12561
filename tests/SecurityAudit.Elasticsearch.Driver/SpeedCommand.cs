using System.Diagnostics;
using SecurityAudit.Elasticsearch.Bulk;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Elasticsearch.Setup;
using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Driver;

/// <summary>Shipping against a replay of the very same bodies, made before, over the same connection: what reading, building, judging and
/// remembering cost. The two take turns, since nothing else on the machine stands still.</summary>
internal static class SpeedCommand
{
    private const int Rounds = 5;

    public static async Task<int> RunAsync(Uri engine, int events)
    {
        var folder = Directory.CreateTempSubdirectory("security-audit-speed-").FullName;
        try
        {
            using (var writer = JournalWriter.Open(folder, new JournalOptions { WaitTimeout = TimeSpan.FromSeconds(30) }))
            {
                for (var i = 1; i <= events; i++)
                {
                    writer.Append(Application.Payload((i * 100L) + 1)); // none is strange
                }
            }

            var log = JournalDirectory.Logs(folder)[0];
            await ShipAsync(engine, folder, log, "warm"); // the engine's and our own first steps
            var ratios = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var replayed = await ReplayAsync(engine, log, "replay" + round);
                var shipped = await ShipAsync(engine, folder, log, "ship" + round);
                ratios.Add(shipped.PerSecond / replayed.PerSecond);
                Console.WriteLine($"round {round}: shipped {shipped}, replayed {replayed}, ratio {ratios[^1]:F3}");
            }

            ratios.Sort();
            Console.WriteLine($"median ratio {ratios[Rounds / 2]:F3}");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Run> ShipAsync(Uri engine, string folder, JournalLog log, string name)
    {
        var (connection, options, target) = await PlaceAsync(engine, name);
        using var _ = connection;
        var files = new ShippingFiles(Path.Combine(folder, name), log.Id);
        var shipper = new LogShippers(connection, options, target).Of(files);
        using var reader = new JournalReader(log.Directory);
        var watch = Watch.Start();
        await shipper.ToEndAsync(reader.TryRead, null, default);
        return watch.Stop(shipper.Record.Next);
    }

    private static async Task<Run> ReplayAsync(Uri engine, JournalLog log, string name)
    {
        var (connection, options, target) = await PlaceAsync(engine, name);
        using var _ = connection;
        var bodies = new List<byte[]>();
        long count = 0;
        using (var reader = new JournalReader(log.Directory))
        {
            var batch = new Batch();
            var request = new BulkRequest(target);
            while (Fill(batch, reader, options))
            {
                request.Build(new BatchPart(batch, batch.Entries), [.. batch.Entries.Select(entry => DocumentId.Of(log.Id, entry.Sequence, entry.Bookmark.Hash))]);
                bodies.Add(request.Body.ToArray());
                count += batch.Entries.Count;
            }
        }

        var watch = Watch.Start();
        foreach (var body in bodies)
        {
            var answer = await connection.SendLinesAsync(target.BulkPath, body, default);
            if (answer.Status != 200)
            {
                throw new InvalidOperationException($"The engine answers {answer.Error}.");
            }
        }

        return watch.Stop(count);
    }

    private static bool Fill(Batch batch, JournalReader reader, ElasticsearchOptions options)
    {
        batch.Clear();
        while (batch.Entries.Count < options.BatchEvents && batch.Bytes + Batch.LongestLine <= options.BatchBytes && reader.TryRead(out var line))
        {
            batch.Add(line.Sequence, line.Utf8.Span, line.Bookmark);
        }

        return batch.Entries.Count > 0;
    }

    /// <summary>A namespace of its own, set up.</summary>
    public static async Task<(ElasticsearchConnection Connection, ElasticsearchOptions Options, BulkTarget Target)> PlaceAsync(Uri engine, string name)
    {
        var options = new ElasticsearchOptions { Url = engine.ToString(), Namespace = name + Guid.NewGuid().ToString("n")[..6] };
        var connection = new ElasticsearchConnection(options);
        await new ElasticsearchSetup(connection, options, new SetupOptions()).RunAsync(default);
        return (connection, options, await BulkTarget.FindAsync(connection, options, default));
    }

    private sealed record Run(double PerSecond, double MicrosecondsOfProcessor)
    {
        public override string ToString() => $"{PerSecond:F0}/s at {MicrosecondsOfProcessor:F1} us of processor each";
    }

    private sealed class Watch
    {
        private readonly long _at = Stopwatch.GetTimestamp();
        private readonly TimeSpan _processor = Process.GetCurrentProcess().TotalProcessorTime;


        public static Watch Start() => new();

        public Run Stop(long events) => new(
            events / Stopwatch.GetElapsedTime(_at).TotalSeconds,
            (Process.GetCurrentProcess().TotalProcessorTime - _processor).TotalMicroseconds / events);
    }
}
