using System.Diagnostics;
using System.Globalization;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>The driver's <c>life</c> as a process: an application that records and ships, which may be killed and started again.</summary>
internal sealed class ApplicationProcess(string directory, Uri engine, World world, int events) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private Process? _process;
    private Task<string>? _errors;

    /// <summary>The first line that is not settled yet.</summary>
    public long Next { get; private set; }

    public string State { get; private set; } = "";

    public long DeadLetters { get; private set; }

    public string LastAnswer { get; private set; } = "";

    private static string Program { get; } = Path.Combine(
        AppContext.BaseDirectory.Replace("SecurityAudit.Elasticsearch.Tests", "SecurityAudit.Elasticsearch.Driver", StringComparison.Ordinal),
        "SecurityAudit.Elasticsearch.Driver");

    public void Start()
    {
        _process = Process.Start(new ProcessStartInfo(
            Program, ["life", directory, engine.ToString(), world.Options.Namespace, world.Target.Layout.ToString(), events.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Follows what the application says of itself until the condition holds.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var bound = new CancellationTokenSource(Patience);
        while (!condition())
        {
            string? line;
            try
            {
                line = await _process!.StandardOutput.ReadLineAsync(bound.Token);
            }
            catch (OperationCanceledException slow)
            {
                throw new TimeoutException($"Not {what} within {Patience}: at {Next} {State}, {DeadLetters} dead letters, '{LastAnswer}'.", slow);
            }

            if (line is null)
            {
                throw new InvalidOperationException($"The application ended before it was {what}, at {Next}: {await _errors!}");
            }

            Read(line);
        }
    }

    /// <summary>All that it had to record is settled.</summary>
    public async Task EndAsync()
    {
        while (await _process!.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(60)) is { } line)
        {
            Read(line);
        }

        await _process.WaitForExitAsync();
        Assert.True(_process.ExitCode == 0, await _errors!);
    }

    public void Dispose()
    {
        if (_process is null)
        {
            return;
        }

        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            return; // killed before
        }

        _process.Dispose();
    }

    private void Read(string line)
    {
        var parts = line.Split(' ', 8);
        Next = long.Parse(parts[1], CultureInfo.InvariantCulture);
        State = parts[2];
        DeadLetters = long.Parse(parts[4], CultureInfo.InvariantCulture);
        LastAnswer = parts.Length > 7 ? parts[7] : "";
    }
}
