using System.Diagnostics;
using System.Globalization;

namespace SecurityAudit.Benchmarks.Load;

/// <summary>One variant of the application in a process of its own, in a temporary folder; ended when it is disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int QuietRounds = 3;
    private const int MostWarmUps = 40;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-load-");
    private readonly Process _process;
    private readonly HttpClient _client = new();

    private ServerProcess(string variant)
    {
        Variant = variant;
        _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", variant, _folder.FullName])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["DOTNET_gcServer"] = "1" }, // as the SDK has it for what is a web application by its project file
        })!;
    }

    public string Variant { get; }

    public Uri Address { get; private set; } = null!;

    public static async Task<ServerProcess> StartAsync(string variant)
    {
        var server = new ServerProcess(variant);
        var address = await server._process.StandardOutput.ReadLineAsync();
        server.Address = new Uri(address ?? throw new InvalidOperationException($"The variant {variant} ended without serving; its error stands above."));
        return server;
    }

    /// <summary>Sends requests until the process compiles nothing more for them, so that no round pays for the compiler.</summary>
    public async Task WarmUpAsync(string path, int requests, int connections)
    {
        for (var (compiled, quiet, round) = (0L, 0, 0); quiet < QuietRounds && round < MostWarmUps; round++)
        {
            await HttpLoad.SendAsync(Address, path, requests, connections);
            var before = compiled;
            (_, _, compiled) = await UsageAsync();
            quiet = compiled == before ? quiet + 1 : 0;
        }
    }

    /// <summary>What a request costs the whole process, what goes on beside it included.</summary>
    public async Task<Cost> MeasureAsync(string path, int requests, int connections)
    {
        var before = await UsageAsync();
        var started = Stopwatch.GetTimestamp();
        await HttpLoad.SendAsync(Address, path, requests, connections);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var after = await UsageAsync();
        return new Cost(
            requests / elapsed.TotalSeconds,
            (after.Processor - before.Processor).TotalMicroseconds / requests,
            (after.Allocated - before.Allocated) / (double)requests);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<(TimeSpan Processor, long Allocated, long Compiled)> UsageAsync()
    {
        var figures = (await _client.GetStringAsync(new Uri(Address, "/usage"))).Split(' ');
        return (TimeSpan.FromTicks(Number(0)), Number(1), Number(2));

        long Number(int place) => long.Parse(figures[place], CultureInfo.InvariantCulture);
    }
}

/// <summary>What requests cost in one round.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="Processor">Microseconds of processor time of the application's process, a request.</param>
/// <param name="Allocated">Bytes a request.</param>
internal sealed record Cost(double Rate, double Processor, double Allocated);
