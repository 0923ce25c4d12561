using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Driver;

/// <summary>
/// Requests a second of an application over a backlog that waits for an engine that is away, against the same application without one; in
/// turns.
/// </summary>
internal static class BacklogCommand
{
    private const int Rounds = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(Uri engine, int events)
    {
        var (behind, alone) = (Directory.CreateTempSubdirectory("security-audit-behind-").FullName, Directory.CreateTempSubdirectory("security-audit-alone-").FullName);
        try
        {
            using (var writer = JournalWriter.Open(Path.Combine(behind, "audit"), new JournalOptions { WaitTimeout = TimeSpan.FromSeconds(30) }))
            {
                for (var i = 0; i < events; i++)
                {
                    writer.Append(Application.Payload(i + 1));
                }
            }

            await using var first = await Application.StartAsync(behind, engine, _ => { });
            await using var second = await Application.StartAsync(alone, null, _ => { });
            await RateAsync(first);
            await RateAsync(second);
            var ratios = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                var (with, without) = (await RateAsync(first), await RateAsync(second));
                ratios.Add(with / without);
                Console.WriteLine(
                    $"round {round}: {with:F0}/s with {first.Journal().DurableSize - (first.Shipped()?.Next ?? 0)} events behind, "
                    + $"{without:F0}/s without shipping, ratio {with / without:F3}");
            }

            ratios.Sort();
            Console.WriteLine($"median ratio {ratios[Rounds / 2]:F3}");
            return 0;
        }
        finally
        {
            Directory.Delete(behind, recursive: true);
            Directory.Delete(alone, recursive: true);
        }
    }

    private static async Task<double> RateAsync(WebApplication application)
    {
        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };
        long count = 0;
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(begun) < Turn)
            {
                (await client.GetAsync("/")).EnsureSuccessStatusCode().Dispose();
                Interlocked.Increment(ref count);
            }
        }));
        return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
