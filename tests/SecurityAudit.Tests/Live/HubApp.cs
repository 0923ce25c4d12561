using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Live;

/// <summary>An application with hubs, and real clients that are connected to it over each transport.</summary>
internal static class HubApp
{
    public static Task<RecordedApp> Start(
        Action<IServiceCollection>? services = null, Action<SecurityAuditBuilder>? audit = null) => RecordedApp.Start(
        web =>
        {
            web.MapGet("/login", (string name) => TypedResults.SignIn(Some.Principal(name)));
            web.MapHub<RoomHub>("/rooms");
            web.MapHub<ClosedHub>("/closed");
            web.MapHub<BrokenHub>("/broken");
        },
        audit,
        build: builder =>
        {
            builder.Services.AddSignalR();
            builder.Services.AddSingleton<Arrivals>();
            services?.Invoke(builder.Services);
        });

    /// <summary>A client of that hub, signed in as Ann unless it is to be nobody.</summary>
    public static async Task<HubConnection> Connect(
        this RecordedApp app, string hub = "/rooms", HttpTransportType transport = HttpTransportType.WebSockets, string? name = "ann")
    {
        var connection = await app.Connection(hub, transport, name);
        await connection.StartAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public static async Task<HubConnection> Connection(this RecordedApp app, string hub, HttpTransportType transport, string? name)
    {
        var cookies = new CookieContainer();
        if (name is not null)
        {
            using var handler = new SocketsHttpHandler { CookieContainer = cookies };
            using var client = new HttpClient(handler) { BaseAddress = app.Client.BaseAddress };
            (await client.GetAsync($"/login?name={name}", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        return new HubConnectionBuilder().WithUrl(new Uri(app.Client.BaseAddress!, hub), options =>
        {
            options.Cookies = cookies;
            options.Transports = transport;
        }).Build();
    }
}

/// <summary>Says when a call that never ends has begun.</summary>
internal sealed class Arrivals
{
    public int Count { get; set; }

    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

internal sealed class RoomHub(IAuthorizationService authorization, Arrivals arrivals) : Hub
{
    private static readonly NotSupportedException Cached = new();

    [Authorize("Managers")]
    public string Close(string room) => room;

    [HubMethodName("shut")]
    [Authorize(Roles = "owner")]
    public string Shut(string room) => room;

    public string Say(string text) => text;

    public string Break(string secret) => throw new InvalidOperationException($"no {secret}");

    public string BreakAgain() => throw Cached;

    public string Tell() => throw new HubException("The room is full.");

    public async Task Remove(string room)
    {
        if (!(await authorization.AuthorizeAsync(Context.User!, new Marked(room), "Menu")).Succeeded)
        {
            throw new HubException("Not yours.");
        }
    }

    public async Task RemoveOrThrow(string room)
    {
        if (!(await authorization.AuthorizeAsync(Context.User!, new Marked(room), "Menu")).Succeeded)
        {
            throw new UnauthorizedAccessException("Not yours.");
        }
    }

    public async Task<string> Menu(string room) =>
        (await authorization.AuthorizeAsync(Context.User!, new Marked(room), "Menu")).Succeeded ? "with" : "without";

    public async Task MenuThenFull()
    {
        await authorization.AuthorizeAsync(Context.User!, "Menu");
        throw new HubException("The room is full.");
    }

    [Audit("room.invite", Arguments = ["guest", "secretCode", "seats"])]
    public string Invite(string guest, string secretCode, int seats, string unnamed) =>
        guest == "nobody" ? throw new InvalidOperationException(unnamed) : guest;

    [Audit("room.clean")]
    public void Clean() => arrivals.Count++;

    [Audit("room.wait")]
    public async Task Wait()
    {
        arrivals.Arrived.SetResult();
        await Task.Delay(Timeout.Infinite, Context.ConnectionAborted);
    }

    public async IAsyncEnumerable<int> Count()
    {
        yield return 1;
        await Task.Yield();
        throw new InvalidOperationException("no more");
    }

    private sealed record Marked(string Room);
}

[Authorize("Named")]
internal sealed class ClosedHub : Hub;

internal sealed class BrokenHub : Hub
{
    public override Task OnConnectedAsync() => throw new InvalidOperationException("not today");
}
