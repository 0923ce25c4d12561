using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Formatting.Compact;

namespace SecurityAudit.Benchmarks;

/// <summary>
/// What one recorded event costs the request that causes it, against a hand-written Serilog call with as many facts to a file.
/// </summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
    private readonly SecurityEvent _event = SecurityEvents.AuthzFail("Managers", "needs role manager");
    private DirectoryInfo _folder = null!;
    private WebApplication _app = null!;
    private ISecurityAudit _audit = null!;
    private Serilog.Core.Logger _file = null!;

    [GlobalSetup]
    public void Start()
    {
        _folder = Directory.CreateTempSubdirectory("sa-bench-");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders();
        builder.Services.AddHttpContextAccessor();
        builder.AddSecurityAudit();
        _app = builder.Build();
        var context = new DefaultHttpContext { RequestServices = _app.Services };
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("203.0.113.7");
        context.Request.Method = "GET";
        context.Request.Path = "/admin";
        context.Request.Headers.UserAgent = "Mozilla/5.0";
        _app.Services.GetRequiredService<IHttpContextAccessor>().HttpContext = context;
        _audit = _app.Services.GetRequiredService<ISecurityAudit>();
        _file = new LoggerConfiguration().WriteTo.File(new CompactJsonFormatter(), Path.Combine(_folder.FullName, "log.clef"), fileSizeLimitBytes: null).CreateLogger();
    }

    [GlobalCleanup]
    public async Task Stop()
    {
        await _file.DisposeAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>The same 28 facts, said by hand.</summary>
    [Benchmark(Baseline = true)]
    public void HandWrittenSerilogCallToAFile() => _file.Warning(
        "{Action} {Kind} {Category} {Type} {Outcome} {Severity} {Id} {Reason} {Message} {Owasp} {Policy} {Address} {Port} {Method} "
            + "{Request} {Path} {Scheme} {Agent} {Related} {Service} {Version} {Environment} {Host} {Provider} {Ecs} {Endpoint} {Trace} {Status}",
        "authz_fail", "event", new[] { "api", "web" }, new[] { "access", "denied" }, "failure", 73, Guid.CreateVersion7(), "needs role manager",
        "Somebody not signed in was denied GET /admin: policy Managers, needs role manager.", "CRITICAL", "Managers", "203.0.113.7", 50000, "GET",
        "0HN7", "/admin", "https", "Mozilla/5.0", new[] { "203.0.113.7" }, "shop", "1.0.0", "Production", "host", "security-audit", "8.17.0",
        "HTTP: GET /admin", "4bf92f3577b34da6a3ce929d0e0e4736", 302);

    [Benchmark]
    public void RecordedEvent() => _audit.Record(_event);

    [Benchmark]
    public async Task RecordedEventOnDisk() => await _audit.RecordAsync(_event);
}
