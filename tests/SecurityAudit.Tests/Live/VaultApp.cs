using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tests.Live;

/// <summary>An application with a gRPC service, and a real client of it.</summary>
internal sealed class VaultApp : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Metadata _headers = [];

    private VaultApp(RecordedApp app, bool web, string? cookie)
    {
        App = app;
        _channel = GrpcChannel.ForAddress(
            app.Client.BaseAddress!,
            web ? new GrpcChannelOptions { HttpHandler = new GrpcWebHandler(new HttpClientHandler()), HttpVersion = HttpVersion.Version11 }
                : new GrpcChannelOptions());
        if (cookie is not null)
        {
            _headers.Add("cookie", cookie);
        }
    }

    public RecordedApp App { get; }

    /// <summary>The client is signed in as Ann, unless it is to be nobody.</summary>
    public static async Task<VaultApp> Start(bool web = false, string? name = "ann", Action<IServiceCollection>? services = null)
    {
        var app = await RecordedApp.Start(
            application =>
            {
                application.UseGrpcWeb();
                application.MapGet("/login", (string name) => TypedResults.SignIn(Some.Principal(name)));
                application.MapGrpcService<VaultService>().EnableGrpcWeb();
            },
            build: builder =>
            {
                builder.Services.AddSingleton<Arrivals>();
                builder.Services.AddGrpc();
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = web ? HttpProtocols.Http1 : HttpProtocols.Http2));
                services?.Invoke(builder.Services);
            },
            buildAfter: builder =>
            {
                RecordedApp.AddCookies(builder);
                builder.Services.Configure<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme, cookies =>
                {
                    cookies.Events.OnRedirectToLogin = redirect => Answer(redirect.HttpContext, StatusCodes.Status401Unauthorized);
                    cookies.Events.OnRedirectToAccessDenied = redirect => Answer(redirect.HttpContext, StatusCodes.Status403Forbidden);
                });
            });
        string? cookie = null;
        if (name is not null)
        {
            using var login = new HttpRequestMessage(HttpMethod.Get, $"/login?name={name}")
            {
                Version = web ? HttpVersion.Version11 : HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var answer = await app.Client.SendAsync(login, TestContext.Current.CancellationToken);
            cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        }

        return new VaultApp(app, web, cookie);
    }

    public async Task<string> Call(string method, string request)
    {
        using var call = _channel.CreateCallInvoker().AsyncUnaryCall(VaultContract.Method(method), null, Options(CancellationToken.None), request);
        return await call;
    }

    public async Task<StatusCode> Fails(string method, string request) =>
        (await Assert.ThrowsAsync<RpcException>(() => Call(method, request))).StatusCode;

    /// <summary>Begins to watch, and hangs up when the service has begun.</summary>
    public async Task WatchAndLeave()
    {
        using var leave = new CancellationTokenSource();
        using var call = _channel.CreateCallInvoker().AsyncServerStreamingCall(
            VaultContract.Method("Watch", MethodType.ServerStreaming), null, Options(leave.Token), "gold");
        await App.Services.GetRequiredService<Arrivals>().Arrived.Task;
        await leave.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await App.DisposeAsync();
    }

    private CallOptions Options(CancellationToken cancellationToken) => new(_headers, cancellationToken: cancellationToken);

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
