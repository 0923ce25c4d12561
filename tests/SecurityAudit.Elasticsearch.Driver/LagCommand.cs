using System.Diagnostics;

namespace SecurityAudit.Elasticsearch.Driver;

/// <summary>From the call that records an event to the answer that it is stored, at a thousand events a second.</summary>
internal static class LagCommand
{
    private const int PerSecond = 1000;

    public static async Task<int> RunAsync(Uri engine, TimeSpan duration)
    {
        var folder = Directory.CreateTempSubdirectory("security-audit-lag-").FullName;
        try
        {
            var (connection, place, _) = await SpeedCommand.PlaceAsync(engine, "lag");
            using var __ = connection;
            await using var application = await Application.StartAsync(folder, engine, options => options.Namespace = place.Namespace);
            var journal = application.Journal();
            var recorded = new Queue<(long Sequence, long At)>();
            var lags = new List<double>();
            var begun = Stopwatch.GetTimestamp();
            for (long done = 0, total = (long)(duration.TotalSeconds * PerSecond); done < total || recorded.Count > 0;)
            {
                for (var due = Math.Min(total, (long)(Stopwatch.GetElapsedTime(begun).TotalSeconds * PerSecond)); done < due; done++)
                {
                    recorded.Enqueue((journal.Append(Application.Payload(done + 1)), Stopwatch.GetTimestamp()));
                }

                for (var next = application.Shipped()?.Next ?? 0; recorded.TryPeek(out var first) && first.Sequence < next;)
                {
                    lags.Add(Stopwatch.GetElapsedTime(recorded.Dequeue().At).TotalMilliseconds);
                }

                await Task.Delay(1);
            }

            lags.Sort();
            Console.WriteLine($"lag of {lags.Count} events: median {At(0.5):F0} ms, 99th percentile {At(0.99):F0} ms, longest {lags[^1]:F0} ms");
            return 0;

            double At(double part) => lags[(int)(lags.Count * part)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
