using System.Globalization;

namespace SecurityAudit.Benchmarks.Load;

/// <summary>
/// The variants of the application under load in turn, round after round, so that what else the machine does falls on all of them; medians
/// of the rounds' ratios.
/// </summary>
internal static class LoadComparison
{
    private const int Connections = 16;

    /// <param name="options">Rounds (default 5), requests a round and variant (default 20,000), and names of variants (default
    /// all).</param>
    public static async Task RunAsync(string[] options)
    {
        var rounds = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 5;
        var requests = options.Length > 1 ? int.Parse(options[1], CultureInfo.InvariantCulture) : 20_000;
        var chosen = ServedApp.Variants.Where(variant => options.Length <= 2 || options.Skip(2).Contains(variant.Variant, StringComparer.Ordinal)).ToArray();
        var servers = new Dictionary<string, ServerProcess>(StringComparer.Ordinal);
        try
        {
            foreach (var variant in chosen.SelectMany(variant => new[] { variant.Baseline, variant.Variant }).Distinct())
            {
                servers[variant] = await ServerProcess.StartAsync(variant);
            }

            foreach (var path in new[] { ServedApp.Open, ServedApp.Denied })
            {
                Print(path, chosen, await MeasureAsync(servers, path, rounds, requests));
            }
        }
        finally
        {
            foreach (var server in servers.Values)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>One variant under load for so many requests, for a profiler to look at its process.</summary>
    public static async Task KeepBusyAsync(string variant, string path, int requests)
    {
        await using var server = await ServerProcess.StartAsync(variant);
        await HttpLoad.SendAsync(server.Address, path, requests, Connections);
    }

    private static async Task<Dictionary<string, Cost[]>> MeasureAsync(Dictionary<string, ServerProcess> servers, string path, int rounds, int requests)
    {
        var costs = servers.Keys.ToDictionary(variant => variant, _ => new Cost[rounds], StringComparer.Ordinal);
        foreach (var server in servers.Values)
        {
            await server.WarmUpAsync(path, requests, Connections);
        }

        for (var round = 0; round < rounds; round++)
        {
            foreach (var server in servers.Values)
            {
                costs[server.Variant][round] = await server.MeasureAsync(path, requests, Connections);
            }
        }

        return costs;
    }

    private static void Print(string path, IEnumerable<(string Variant, string Baseline)> variants, Dictionary<string, Cost[]> costs)
    {
        Console.WriteLine($"GET {path}, {Connections} connections; medians of {costs.Values.First().Length} rounds");
        Console.WriteLine($"{"",-26}{"requests/s",12}{"µs CPU",10}{"bytes",10}{"of rate",10}{"of CPU",10}{"more bytes",12}");
        foreach (var (variant, baseline) in variants)
        {
            var own = costs[variant];
            var pairs = own.Zip(costs[baseline]).ToArray();
            var ofRate = Median(pairs, pair => pair.First.Rate / pair.Second.Rate);
            var ofProcessor = Median(pairs, pair => pair.First.Processor / pair.Second.Processor);
            var moreAllocated = Median(pairs, pair => pair.First.Allocated - pair.Second.Allocated);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{variant,-26}{Median(own, cost => cost.Rate),12:0}{Median(own, cost => cost.Processor),10:0.0}{Median(own, cost => cost.Allocated),10:0}"
                + $"{ofRate,10:0.00}{ofProcessor,10:0.00}{moreAllocated,12:0}"));
        }
    }

    private static double Median<T>(IEnumerable<T> values, Func<T, double> of) => values.Select(of).Order().ElementAt(values.Count() / 2);
}
