using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Journal;

namespace SecurityAudit.Tests;

/// <summary>A real application: Kestrel on loopback, cookie sign-in, a real journal in a temporary folder.</summary>
internal sealed class RecordedApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private RecordedApp(WebApplication app, DirectoryInfo folder)
    {
        (_app, _folder) = (app, folder);
        Directory = Path.Combine(folder.FullName, app.Services.GetRequiredService<IOptions<SecurityAuditOptions>>().Value.Journal.Directory ?? "audit");
        Client = NewClient();
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>The journal: in the application's own folder, unless the test puts it elsewhere.</summary>
    public string Directory { get; }

    public ISecurityAudit Audit => _app.Services.GetRequiredService<ISecurityAudit>();

    public static async Task<RecordedApp> Start(
        Action<WebApplication> map,
        Action<SecurityAuditBuilder>? audit = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplicationBuilder>? buildAfter = null)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("sa-app-");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        build?.Invoke(builder);
        builder.AddSecurityAudit(audit);
        if (buildAfter is null)
        {
            AddCookies(builder);
        }
        else
        {
            buildAfter(builder);
        }

        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new RecordedApp(app, folder);
    }

    public static void AddCookies(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy("Managers", policy => policy.RequireRole("manager"))
            .AddPolicy("Named", policy => policy.RequireAuthenticatedUser())
            .AddPolicy("Menu", policy => policy.RequireClaim("menu"));
    }

    public HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(_app.Urls.First()) };

    /// <summary>Everything that is durable in the journal now, control lines left out.</summary>
    public async Task<List<JsonElement>> Events()
    {
        await _app.Services.GetRequiredService<JournalWriter>().FlushAsync(TestContext.Current.CancellationToken);
        return JournalEvents.Read(Directory);
    }

    public async Task<List<JsonElement>> Events(string action) => [.. (await Events()).Where(e => e.Text("event.action") == action)];

    /// <summary>The one event of that name, or of those the one for which <paramref name="where"/> holds.</summary>
    public async Task<JsonElement> Event(string action, Func<JsonElement, bool>? where = null) =>
        Assert.Single(await Events(action, count: 1, where));

    /// <summary>
    /// The events of that name, when there are that many; they may come a moment after the response, which the client can have before the
    /// pipeline is done, or from beside the request.
    /// </summary>
    public async Task<List<JsonElement>> Events(string action, int count, Func<JsonElement, bool>? where = null)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (true)
        {
            List<JsonElement> found = [.. (await Events(action)).Where(e => where?.Invoke(e) != false)];
            if (found.Count >= count || DateTime.UtcNow > deadline)
            {
                Assert.Equal(count, found.Count);
                return found;
            }

            await Task.Delay(5);
        }
    }

    /// <summary>Stops the application and its services: what is queued beside the journal has been written then.</summary>
    public async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        JournalEvents.Check(Directory);
        _folder.Delete(recursive: true);
    }
}
