using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tests.Responses;

/// <summary>
/// A real application behind a proxy on loopback that forwards addresses, with a page and a sign-in that always fails; or one that is
/// reached from anywhere: then the test says what address the connection comes from.
/// </summary>
internal static class RespondingApp
{
    public const string Attacker = "203.0.113.7";
    public const string Visitor = "198.51.100.1";
    private const string ConnectedFrom = "X-Connected-From";

    public static Task<RecordedApp> Start(
        Action<ResponseOptions>? respond = null,
        TimeProvider? time = null,
        string? journal = null,
        Action<ForwardedHeadersOptions>? forward = null,
        Action<SecurityAuditOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        ILoggerProvider? log = null) => RecordedApp.Start(
            web =>
            {
                web.UseForwardedHeaders();
                web.MapGet("/", () => "well");
                web.MapPost("/login", (string name, ISecurityAudit audit) =>
                {
                    audit.SignInFailed(new AuditUser($"id-{name}", name), "wrong password", "password");
                    return TypedResults.Unauthorized();
                });
            },
            audit => audit.Configure(options =>
            {
                options.Response.BlockSource.Enabled = true;
                options.Journal.Directory = journal ?? options.Journal.Directory;
                respond?.Invoke(options.Response);
                configure?.Invoke(options);
            }),
            builder =>
            {
                builder.Services.AddSingleton(time ?? TimeProvider.System);
                builder.Services.Configure<ForwardedHeadersOptions>(forward ?? (options => options.ForwardedHeaders = ForwardedHeaders.XForwardedFor));
                services?.Invoke(builder.Services);
                if (log is not null)
                {
                    builder.Logging.AddProvider(log);
                }
            },
            builder =>
            {
                RecordedApp.AddCookies(builder);
                builder.Services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, Connections>());
            });

    /// <summary>A request that the proxy forwards for this address.</summary>
    public static Task<HttpResponseMessage> Forwarded(this RecordedApp app, string source, string path = "/", HttpMethod? method = null) =>
        app.Send(path, method, ("X-Forwarded-For", source));

    /// <summary>A request over a connection from this address, with what it says that it forwards.</summary>
    public static Task<HttpResponseMessage> Connected(this RecordedApp app, string from, string? says = null, string path = "/", HttpMethod? method = null) =>
        says is null ? app.Send(path, method, (ConnectedFrom, from)) : app.Send(path, method, (ConnectedFrom, from), ("X-Forwarded-For", says));

    /// <summary>Ten attempts on one account, which is what brute force is.</summary>
    public static async Task Attack(Func<string, HttpMethod, Task<HttpResponseMessage>> send, string name = "ann")
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            using var answer = await send($"/login?name={name}", HttpMethod.Post);
        }
    }

    public static Task Attack(this RecordedApp app, string source = Attacker, string name = "ann") => Attack((path, method) => app.Forwarded(source, path, method), name);

    public static async Task<int> StatusFor(this RecordedApp app, string source)
    {
        using var answer = await app.Forwarded(source);
        return (int)answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> Send(this RecordedApp app, string path, HttpMethod? method, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Before all else: the connection comes from where the test says, as if it came from there.</summary>
    private sealed class Connections : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
        {
            application.Use((context, rest) =>
            {
                if (context.Request.Headers[ConnectedFrom] is [{ } from])
                {
                    context.Connection.RemoteIpAddress = from == "nowhere" ? null : IPAddress.Parse(from);
                }

                return rest(context);
            });
            next(application);
        };
    }
}
