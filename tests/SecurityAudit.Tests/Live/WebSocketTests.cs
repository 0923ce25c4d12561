using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Live;

/// <summary>WebSockets and event streams that the application serves by itself.</summary>
public sealed class WebSocketTests
{
    private static Task<RecordedApp> Start() => RecordedApp.Start(
        web =>
        {
            web.UseWebSockets();
            web.MapGet("/closed", () => "never").RequireAuthorization("Named");
            web.MapGet("/socket", Serve).WithAudit("socket.serve");
            web.MapGet("/broken", async (HttpContext context) =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                throw new InvalidOperationException("hunter2".ToString());
            });
            web.MapGet("/events", (Arrivals arrivals, CancellationToken cancellationToken) =>
                TypedResults.ServerSentEvents(Tell(arrivals, cancellationToken))).WithAudit("events.tell");
        },
        build: builder => builder.Services.AddSingleton<Arrivals>());

    private static async Task Serve(HttpContext context, Arrivals arrivals)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        arrivals.Arrived.SetResult();
        await socket.ReceiveAsync(new byte[16], CancellationToken.None);
    }

    private static async IAsyncEnumerable<string> Tell(Arrivals arrivals, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return "hello";
        arrivals.Arrived.SetResult();
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static Uri Of(RecordedApp app, string path) => new UriBuilder(new Uri(app.Client.BaseAddress!, path)) { Scheme = "ws" }.Uri;

    private static async Task NothingElse(RecordedApp app, params string[] actions)
    {
        await app.StopAsync();
        Assert.Equal(
            actions,
            JournalEvents.Read(app.Directory).Select(e => e.Text("event.action")).Where(action => action is not ("sys_startup" or "audit_coverage" or "sys_shutdown")));
    }

    [Fact]
    public async Task AWebSocketThatIsRefusedIsRecordedOnce()
    {
        await using var app = await Start();
        using var socket = new ClientWebSocket();

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Of(app, "/closed"), TestContext.Current.CancellationToken));

        Assert.Equal("Named", (await app.Event("authz_fail")).Text("rule.name"));
        await NothingElse(app, "authz_fail");
    }

    [Fact]
    public async Task AnExceptionInAWebSocketIsRecordedOnceAndAClientThatLeavesItIsNone()
    {
        await using var app = await Start();
        using var broken = new ClientWebSocket();
        await broken.ConnectAsync(Of(app, "/broken"), TestContext.Current.CancellationToken);
        Assert.Equal("System.InvalidOperationException", (await app.Event("app_exception")).Text("error.type"));

        using var left = new ClientWebSocket();
        await left.ConnectAsync(Of(app, "/socket"), TestContext.Current.CancellationToken);
        await app.Services.GetRequiredService<Arrivals>().Arrived.Task;
        left.Abort();

        Assert.Equal(("unknown", "the client went away"), Ended(await app.Event("socket.serve")));
        await NothingElse(app, "app_exception", "socket.serve");
    }

    [Fact]
    public async Task AClientThatLeavesAStreamOfEventsIsNoException()
    {
        await using var app = await Start();
        using (var answer = await app.Client.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            await app.Services.GetRequiredService<Arrivals>().Arrived.Task;
        }

        await app.Event("events.tell");
        await NothingElse(app, "events.tell");
    }

    private static (string? Outcome, string? Reason) Ended(System.Text.Json.JsonElement e) => (e.Text("event.outcome"), e.Text("event.reason"));
}
