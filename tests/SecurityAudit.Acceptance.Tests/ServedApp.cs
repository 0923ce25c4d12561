using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

namespace SecurityAudit.Acceptance.Tests;

/// <summary>An application that serves on a loopback port of its own choice, and a browser for its forms.</summary>
internal sealed partial class ServedApp : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly HttpClient _browser;
    private readonly ConcurrentQueue<string> _said;

    private ServedApp(Process process, ConcurrentQueue<string> said, Uri address)
    {
        _process = process;
        _said = said;
        _browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = address };
    }

    /// <summary>What it wrote to its console so far.</summary>
    public string Said => string.Join('\n', _said);

    public static Task<ServedApp> StartAsync(string directory, string program) =>
        StartAsync(directory, ProcessRun.StartInfo(directory, "dotnet", program, "--urls", "http://127.0.0.1:0", "--environment", "Development"));

    /// <summary>A program that needs no <c>dotnet</c> before it.</summary>
    public static Task<ServedApp> StartExecutableAsync(string directory, string program, params string[] args) =>
        StartAsync(directory, ProcessRun.StartInfo(directory, program, ["--urls", "http://127.0.0.1:0", .. args]));

    private static async Task<ServedApp> StartAsync(string directory, ProcessStartInfo start)
    {
        var process = Process.Start(start)!;
        _ = process.StandardError.ReadToEndAsync();
        var said = new ConcurrentQueue<string>();
        using var deadline = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            said.Enqueue(line);
            if (Listening().Match(line) is { Success: true } match)
            {
                _ = ListenAsync(process, said);
                return new ServedApp(process, said, new Uri(match.Groups["url"].Value));
            }
        }

        throw new InvalidOperationException($"'{start.FileName}' in '{directory}' ended without serving:\n{string.Join('\n', said)}");
    }

    private static async Task ListenAsync(Process process, ConcurrentQueue<string> said)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Enqueue(line);
        }
    }

    /// <summary>Fills in the form of a page and sends it with its antiforgery token.</summary>
    public async Task PostAsync(string page, params (string Name, string Value)[] fields)
    {
        var form = await _browser.GetStringAsync(page);
        var token = Token().Match(form).Groups["token"].Value;
        using var content = new FormUrlEncodedContent(
            fields.Append(("__RequestVerificationToken", token)).Select(field => new KeyValuePair<string, string>(field.Item1, field.Item2)));
        using var answer = await _browser.PostAsync(page, content);
        Assert.True(answer.IsSuccessStatusCode, $"{page} answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Visits a page, wherever that leads.</summary>
    public async Task GetAsync(string page)
    {
        using var answer = await _browser.GetAsync(page);
    }

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, $"Not seen within {Patience}: {what}.");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [GeneratedRegex("Now listening on: (?<url>http://127\\.0\\.0\\.1:[0-9]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Listening();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
