using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tests.Refusal;

/// <summary>An answer that waits for its record, in pipelines that have ideas of their own about the answer.</summary>
public sealed class OtherPipelinesTests
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("/text")]
    [InlineData("/buffered")]
    [InlineData("/status")]
    [InlineData("/empty")]
    public async Task AnAnswerThatSomethingElseRewritesWaitsForItsRecordToo(string path)
    {
        await using var app = await Start();
        using var healthy = await Get(app, path);
        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, healthy.StatusCode);
        await BrokenJournal.Silently(app.Services);

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            using var refused = await Get(app, path, method);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Empty(await refused.Content.ReadAsByteArrayAsync());
            Assert.Empty(refused.Content.Headers.ContentEncoding);
        }
    }

    [Fact]
    public async Task ACompressedAnswerArrivesWhole()
    {
        await using var app = await Start();

        using var answer = await Get(app, "/text");

        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        await using var body = new System.IO.Compression.GZipStream(await answer.Content.ReadAsStreamAsync(), System.IO.Compression.CompressionMode.Decompress);
        Assert.Equal(new string('x', 5000), await new StreamReader(body).ReadToEndAsync());
    }

    [Fact]
    public async Task AStreamLeavesPieceByPiece()
    {
        await using var app = await Start();
        using var answer = await app.Client.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        Assert.Equal("first", await reader.ReadLineAsync());
        _first.SetResult();
        Assert.Equal("second", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task AWebSocketWorksAsItDid()
    {
        await using var app = await Start();
        using var socket = new ClientWebSocket();

        await socket.ConnectAsync(new UriBuilder(app.Client.BaseAddress!) { Scheme = "ws", Path = "/socket" }.Uri, TestContext.Current.CancellationToken);

        var received = await socket.ReceiveAsync(new byte[8], TestContext.Current.CancellationToken);
        Assert.Equal(5, received.Count);
    }

    [Fact]
    public async Task UnderTheTestServerAnAnswerWaitsForItsRecordToo()
    {
        var folder = Directory.CreateTempSubdirectory("sa-test-server-");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseTestServer();
        builder.AddSecurityAudit(audit =>
        {
            BrokenJournal.Refuse(audit);
            audit.Configure(options => options.Journal.Directory = Path.Combine(folder.FullName, "audit"));
        });
        await using (var app = builder.Build())
        {
            app.MapGet("/text", Text);
            await app.StartAsync();
            Assert.Equal(5000, (await app.GetTestClient().GetStringAsync("/text")).Length);
            await BrokenJournal.Silently(app.Services);

            using var refused = await app.GetTestClient().GetAsync("/text");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Empty(await refused.Content.ReadAsByteArrayAsync());
        }

        folder.Delete(recursive: true);
    }

    private static string Text(ISecurityAudit audit)
    {
        audit.Record(Some.Event());
        return new string('x', 5000);
    }

    private static Task<HttpResponseMessage> Get(RecordedApp app, string path, HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        return app.Client.SendAsync(request);
    }

    private Task<RecordedApp> Start() => RecordedApp.Start(
        web =>
        {
            web.UseResponseCompression();
            web.UseStatusCodePages(pages => pages.HttpContext.Response.WriteAsync("a page for a status"));
            web.UseWebSockets();
            web.Use(async (context, next) =>
            {
                if (context.Request.Path != "/buffered")
                {
                    await next(context);
                    return;
                }

                var body = context.Response.Body;
                using var buffer = new MemoryStream();
                context.Response.Body = buffer;
                await next(context);
                context.Response.Body = body;
                await body.WriteAsync(buffer.ToArray());
            });
            string[] methods = ["GET", "HEAD"];
            web.MapMethods("/text", methods, Text);
            web.MapMethods("/buffered", methods, Text);
            web.MapMethods("/status", methods, (ISecurityAudit audit, HttpContext context) =>
            {
                audit.Record(Some.Event());
                context.Response.StatusCode = StatusCodes.Status409Conflict;
            });
            web.MapMethods("/empty", methods, (ISecurityAudit audit) =>
            {
                audit.Record(Some.Event());
                return Results.NoContent();
            });
            web.MapGet("/stream", async (HttpContext context, ISecurityAudit audit) =>
            {
                audit.Record(Some.Event());
                await context.Response.WriteAsync("first\n");
                await context.Response.Body.FlushAsync();
                await _first.Task;
                await context.Response.WriteAsync("second\n");
            });
            web.MapGet("/socket", async (HttpContext context, ISecurityAudit audit) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                audit.Record(Some.Event());
                await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
            });
        },
        BrokenJournal.Refuse,
        builder => builder.Services.AddResponseCompression());
}
