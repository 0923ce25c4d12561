using System.Diagnostics;
using System.Globalization;

namespace SecurityAudit.Benchmarks.Load;

/// <summary>
/// How long a sign-in takes while others fail to sign in as fast as four connections can, on the plain application, with SecurityAudit whose
/// detection is off, and with detection on; each against itself without the storm. Rounds in turn, medians.
/// </summary>
internal static class StormComparison
{
    private const int Rounds = 7;
    private const int SignIns = 300;
    private const int StormRequests = 20_000;
    private const int StormConnections = 4;

    private static readonly string[] Variants = ["plain", "undetected", "audited"];

    public static async Task RunAsync()
    {
        var calm = Variants.ToDictionary(variant => variant, _ => new List<double>(), StringComparer.Ordinal);
        var storm = Variants.ToDictionary(variant => variant, _ => new List<double>(), StringComparer.Ordinal);
        var servers = new List<ServerProcess>();
        try
        {
            foreach (var variant in Variants)
            {
                servers.Add(await ServerProcess.StartAsync(variant));
                await HttpLoad.SendAsync(servers[^1].Address, ServedApp.SignIn, SignIns, 1); // compiled and warm
                await HttpLoad.SendAsync(servers[^1].Address, ServedApp.FailedSignIn, SignIns, 1);
            }

            for (var round = 0; round < Rounds; round++)
            {
                foreach (var server in servers)
                {
                    calm[server.Variant].Add(await LatencyAsync(server));
                    var others = HttpLoad.SendAsync(server.Address, ServedApp.FailedSignIn, StormRequests, StormConnections);
                    storm[server.Variant].Add(await LatencyAsync(server));
                    await others;
                }
            }
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }

        foreach (var variant in Variants)
        {
            var (alone, among) = (Median(calm[variant]), Median(storm[variant]));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{variant,-12}{alone,8:0} µs a sign-in{among,8:0} µs in the storm{among / alone,8:0.00}"));
        }
    }

    private static async Task<double> LatencyAsync(ServerProcess server)
    {
        var started = Stopwatch.GetTimestamp();
        await HttpLoad.SendAsync(server.Address, ServedApp.SignIn, SignIns, 1);
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / SignIns;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
