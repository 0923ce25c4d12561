using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Benchmarks.Load;

/// <summary>
/// One event beside a hand-written Serilog call of as many facts, in turn in one process: what either allocates, and the processor time of the whole
/// process, with what the journal's thread hashes, writes and syncs meanwhile. Medians of the rounds.
/// </summary>
internal static class EventComparison
{
    private const int Rounds = 9;
    private const int Events = 100_000;

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("sa-event-");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.FullName });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddHttpContextAccessor();
        builder.AddSecurityAudit(audit => audit.Configure(options => options.Detection.Enabled = false));
        await using (var app = builder.Build())
        {
            await app.StartAsync();
            await using var file = SameFacts.ToFile(folder.FullName);
            app.Services.GetRequiredService<IHttpContextAccessor>().HttpContext = SameFacts.Request(app.Services);
            var audit = app.Services.GetRequiredService<ISecurityAudit>();
            Print("Serilog call to a file", "recorded event", Measure(() => SameFacts.Write(file), () => audit.Record(SameFacts.Event)));
            await app.StopAsync();
        }

        folder.Delete(recursive: true);
    }

    private static (double Bytes, double Processor)[][] Measure(params Action[] ways)
    {
        var costs = ways.Select(_ => new (double, double)[Rounds]).ToArray();
        for (var round = -1; round < Rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                var (bytes, processor) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
                for (var i = 0; i < Events; i++)
                {
                    ways[way]();
                }

                if (round >= 0) // the first round compiles
                {
                    costs[way][round] = (
                        (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)Events,
                        (Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / Events);
                }
            }
        }

        return costs;
    }

    private static void Print(string baseline, string other, (double Bytes, double Processor)[][] costs)
    {
        foreach (var (name, way) in new[] { (baseline, 0), (other, 1) })
        {
            var ratios = costs[way].Zip(costs[0], (cost, before) => (Bytes: cost.Bytes / before.Bytes, Processor: cost.Processor / before.Processor));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-26}{Median(costs[way].Select(cost => cost.Bytes)),8:0} B{Median(costs[way].Select(cost => cost.Processor)),8:0.00} µs CPU")
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $"   {Median(ratios.Select(ratio => ratio.Bytes)):0.00} of the bytes, {Median(ratios.Select(ratio => ratio.Processor)):0.00} of the CPU"));
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
