using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tests.Capture;

/// <summary>Malformed, huge and strange requests over raw sockets: the application lives, and the journal holds lines of the list alone.</summary>
public sealed class HostileTrafficTests
{
    private const int AtOnce = 16;

    private static readonly string[] Targets =
    [
        "/", "/page", "/form", "/json", "/secret", "/nowhere", "/../../etc/passwd", "/%2e%2e/%00", "/page%", "/%ff%fe", "//evil.example/", "*", "http://evil.example/",
        "/page?returnUrl=https://evil.example", "/Ünïcode", "/page;jsessionid=1", "/" + new string('a', 9000), "/a b", "",
    ];

    private static readonly string[] Headers =
    [
        "Host: a", "Host: a\r\nHost: b", "Host: \u202Eevil", "Content-Length: -1", "Content-Length: 99999999999", "Content-Length: 5\r\nContent-Length: 6",
        "Transfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 3", "Cookie: .AspNetCore.Cookies=" + new string('A', 4000), "Cookie: ;;;=;,",
        "Authorization: Bearer ", "Authorization: Basic Og==", "Authorization: \0", "Origin: null", "Origin: https://evil.example", "X-Forwarded-For: 1.1.1.1, \r\n 2.2.2.2",
        "User-Agent: sqlmap/1.7",
        "User-Agent: \u001B[31m<script>", "Content-Type: application/json", "Content-Type: multipart/form-data", "Content-Type: text/plain; charset=utf-99",
        "Upgrade: websocket\r\nConnection: Upgrade", "Expect: 100-continue", "traceparent: 00-zz-zz-00", ": empty", "No colon", "X-Big: " + new string('x', 40_000),
        "Accept-Encoding: gzip;q=NaN", "Range: bytes=0-0,1-1", "If-Match: \"", "Access-Control-Request-Method: GET",
    ];

    private static readonly string[] Bodies =
    [
        "", "{", "{\"a\":" + new string('[', 500), "a=b&c=%zz", "\0\0\0", "5\r\nhello\r\n0\r\n\r\n", "ffffffffffffffff\r\n", "--x\r\n",
        "{\"name\":\"\u202E\\ud800\"}", new string('z', 100_000),
    ];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get", "G\0T", "", new string('M', 300)];

    [Theory]
    [InlineData(1_000)]
    [InlineData(10_000, Explicit = true)]
    public async Task ThousandsOfHostileRequestsNeitherStopTheApplicationNorTheJournalNorAHook(int requests)
    {
        var log = new CollectingLogger();
        await using var app = await RecordedApp.Start(Map, audit => audit.SignInsAreReported(), build: builder =>
            builder.Logging.AddProvider(log).AddFilter<CollectingLogger>("", LogLevel.None).AddFilter<CollectingLogger>("SecurityAudit", LogLevel.Warning));

        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            (number, cancellationToken) => SendAsync(app.Client.BaseAddress!, Request(new Random(number)), cancellationToken));

        Assert.Equal("page", await app.Client.GetStringAsync("/page"));
        await app.Audit.RecordAsync(Some.Event("last"));
        var events = (await app.Events()).Where(e => e.Text("event.kind") != "alert").ToList();
        Assert.Equal("last", events[^1].Text("event.action"));
        Assert.All(events, e => Assert.True(e.Text("security_audit.enrichment") is null && e.Text("security_audit.redaction") is null, e.GetRawText()));
        Assert.All(events, e => Assert.DoesNotContain(e.GetRawText(), character => char.IsControl(character) || character == '\u202E'));
        Assert.InRange(events.Count, 1, 10 + (requests * 3));
        Assert.All(log.Said, said => Assert.StartsWith("Attack tool: ", said, StringComparison.Ordinal));
    }

    private static void Map(WebApplication web)
    {
        web.MapGet("/page", () => "page");
        web.MapPost("/form", async (HttpRequest request) => (await request.ReadFormAsync()).Count);
        web.MapPost("/json", (Dictionary<string, object> body) => body.Count).WithAudit("json.post");
        web.MapGet("/secret", [Authorize] () => "secret");
    }

    private static byte[] Request(Random random)
    {
        if (random.Next(10) == 0)
        {
            var noise = new byte[random.Next(1, 2000)];
            random.NextBytes(noise);
            return noise;
        }

        var request = new StringBuilder();
        request.Append(Any(Methods)).Append(' ').Append(Any(Targets)).Append(' ').Append(Any(["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/9.9", "ICY"]))
            .Append(Any(["\r\n", "\r\n", "\n"]));
        for (var header = random.Next(6); header > 0; header--)
        {
            request.Append(Any(Headers)).Append("\r\n");
        }

        request.Append(Any(["\r\n", "\r\n", "\r\n", ""])).Append(Any(Bodies));
        return Encoding.UTF8.GetBytes(request.ToString());

        string Any(string[] choices) => choices[random.Next(choices.Length)];
    }

    /// <summary>Says everything, closes its half, and reads to the end or until the server hangs up; a server that waits for more is left.</summary>
    private static async ValueTask SendAsync(Uri server, byte[] request, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(20));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
        try
        {
            await socket.SendAsync(request, bound.Token);
            socket.Shutdown(SocketShutdown.Send);
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer, bound.Token) > 0)
            {
            }
        }
        catch (Exception hungUp) when (hungUp is SocketException || (hungUp is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Either is the server's right.
        }
    }
}
