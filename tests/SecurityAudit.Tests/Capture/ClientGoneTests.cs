using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Razor.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Tests.Capture;

[assembly: RazorCompiledItem(typeof(DeedPage), "mvc.1.0.razor-page", "/Pages/activity-page.cshtml")]

namespace SecurityAudit.Tests.Capture;

/// <summary>Clients that hang up on real Kestrel: a socket that is closed, or reset, in the midst of its request.</summary>
public sealed class ClientGoneTests
{
    /// <summary>What the handlers did before their client left, by the number that it sent.</summary>
    public static ConcurrentDictionary<string, TaskCompletionSource> Begun { get; } = [];

    public enum Door
    {
        Bare,
        Handler,
        DeveloperPage,
    }

    private static Task<RecordedApp> Start(Door door) => RecordedApp.Start(
        web =>
        {
            _ = door switch
            {
                Door.Handler => web.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("sorry"))),
                Door.DeveloperPage => web.UseDeveloperExceptionPage(),
                _ => web,
            };
            web.UseRouting();
            web.MapPost("/minimal", (string number, HttpContext context) => DoAsync(number, context)).WithAudit("activity", "number");
            web.MapPost("/upload", async (string number, HttpRequest request) =>
            {
                Begun[number].TrySetResult();
                return await new StreamReader(request.Body).ReadToEndAsync();
            }).WithAudit("activity", "number");
            web.MapControllers();
            web.MapRazorPages();
        },
        build: builder =>
        {
            builder.Services.AddControllers().AddApplicationPart(typeof(ClientGoneTests).Assembly);
            builder.Services.AddRazorPages().ConfigureApplicationPartManager(parts =>
                parts.ApplicationParts.Add(new CompiledRazorAssemblyPart(typeof(ClientGoneTests).Assembly)));
        });

    internal static async Task<string> DoAsync(string number, HttpContext context)
    {
        Begun[number].TrySetResult(); // the activity is done; what follows is for the client alone
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
        return "";
    }

    public static TheoryData<Door, string, bool> Doors()
    {
        var doors = new TheoryData<Door, string, bool>();
        foreach (var door in Enum.GetValues<Door>())
        {
            foreach (var path in new[] { "/minimal", "/activities", "/activity-page", "/upload", "/activities/upload" })
            {
                doors.Add(door, path, false);
                doors.Add(door, path, true);
            }
        }

        return doors;
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task AClientThatGoesAwayIsNoExceptionButWhatItHadBegunIsRecorded(Door door, string path, bool reset)
    {
        const int Clients = 5;
        await using var app = await Start(door);
        var run = $"{door}{path}{reset}".Replace('/', '-');

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => HangUpAsync(app.Client.BaseAddress!, path, $"{run}-{client}", reset)));

        var activities = await app.Events("activity", Clients);
        Assert.Equal(Enumerable.Range(0, Clients).Select(client => $"{run}-{client}"), activities.Select(activity => activity.Attribute("number")).Order(StringComparer.Ordinal));
        Assert.All(activities, activity => Assert.Equal(("unknown", "the client went away"), (activity.Text("event.outcome"), activity.Text("event.reason"))));
        await app.StopAsync();
        Assert.Empty(JournalEvents.Read(app.Directory)
            .Where(e => e.Text("event.action") is "app_exception" or "http_request_rejected" or "input_validation_fail").Select(e => e.GetRawText()));
    }

    private static async Task HangUpAsync(Uri address, string path, string number, bool reset)
    {
        var begun = Begun[number] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        var body = path.EndsWith("upload", StringComparison.Ordinal) ? "Content-Length: 1000\r\n\r\nonly this" : "Content-Length: 0\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST {path}?number={number} HTTP/1.1\r\nHost: localhost\r\n{body}"), TestContext.Current.CancellationToken);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        if (reset)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        socket.Close();
    }
}

[Route("activities")]
public sealed class DeedController : ControllerBase
{
    [HttpPost]
    [Audit("activity", Arguments = ["number"])]
    public Task<string> Do(string number) => ClientGoneTests.DoAsync(number, HttpContext);

    [HttpPost("upload")]
    [Audit("activity", Arguments = ["number"])]
    public async Task<string> Upload(string number)
    {
        ClientGoneTests.Begun[number].TrySetResult();
        return await new StreamReader(Request.Body).ReadToEndAsync();
    }
}

/// <summary>What the Razor compiler makes of a page with that model.</summary>
public sealed class DeedPage : Page
{
    public DeedPageModel Model => (DeedPageModel)ViewContext.ViewData.Model!;

    public override Task ExecuteAsync() => Task.CompletedTask;
}

[IgnoreAntiforgeryToken]
public sealed class DeedPageModel : PageModel
{
    [Audit("activity", Arguments = ["number"])]
    public Task OnPostAsync(string number) => ClientGoneTests.DoAsync(number, HttpContext);
}
