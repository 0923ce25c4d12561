using System.Net;
using Microsoft.AspNetCore.Http;
using Serilog;
using Serilog.Core;
using Serilog.Formatting.Compact;

namespace SecurityAudit.Benchmarks;

/// <summary>One event and the request that causes it, and a hand-written Serilog call that says as many facts: 34, of which six are the same in every event.</summary>
internal static class SameFacts
{
    public static SecurityEvent Event { get; } = SecurityEvents.AuthzFail("Managers", "needs role manager");

    public static HttpContext Request(IServiceProvider services)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
        context.Request.Method = "GET";
        context.Request.Scheme = "https";
        context.Request.Path = "/admin";
        context.Request.Headers.UserAgent = "Mozilla/5.0";
        return context;
    }

    public static Logger ToFile(string folder) => new LoggerConfiguration()
        .Enrich.WithProperty("HostId", "3d1219c7c4c5404aaa1f6d2a48adfda4").Enrich.WithProperty("Module", "securityaudit")
        .Enrich.WithProperty("Dataset", "securityaudit.events").Enrich.WithProperty("Product", "SecurityAudit")
        .Enrich.WithProperty("ObserverType", "audit").Enrich.WithProperty("ObserverVersion", "1.0.0")
        .WriteTo.File(new CompactJsonFormatter(), Path.Combine(folder, "log.clef"), fileSizeLimitBytes: null)
        .CreateLogger();

    public static void Write(Logger file) => file.Warning(
        "{Action} {Kind} {Category} {Type} {Outcome} {Severity} {Id} {Reason} {Message} {Owasp} {Policy} {Address} {Port} {Method} "
            + "{Request} {Path} {Scheme} {Agent} {Related} {Service} {Version} {Environment} {Host} {Provider} {Ecs} {Endpoint} {Trace} {Status}",
        "authz_fail", "event", new[] { "api" }, new[] { "access", "denied" }, "failure", 73, Guid.CreateVersion7(), "needs role manager",
        "Somebody not signed in was denied GET /admin: policy Managers, needs role manager.", "CRITICAL", "Managers", "203.0.113.7", 50000, "GET",
        "0HN7", "/admin", "https", "Mozilla/5.0", new[] { "203.0.113.7" }, "shop", "1.0.0", "Production", "host", "security-audit", "8.17.0",
        "HTTP: GET /admin", "4bf92f3577b34da6a3ce929d0e0e4736", 302);
}
