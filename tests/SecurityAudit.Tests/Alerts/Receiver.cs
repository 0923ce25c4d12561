using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Tests.Alerts;

/// <summary>Who gets a webhook: Kestrel on loopback, which keeps what comes and answers as the test wants.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(IHeaderDictionary Headers, byte[] Body)> _got = new();

    private Receiver(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First() + "/alerts/T0/hunter2");

    public IReadOnlyList<(IHeaderDictionary Headers, byte[] Body)> Got => [.. _got];

    public static async Task<Receiver> Start(Func<HttpContext, Task>? answer = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(certificate is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/alerts/T0/hunter2", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            receiver._got.Enqueue((new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)), body.ToArray()));
            await (answer?.Invoke(context) ?? Task.CompletedTask);
        });
        app.MapFallback(context =>
        {
            receiver._got.Enqueue((context.Request.Headers, []));
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
