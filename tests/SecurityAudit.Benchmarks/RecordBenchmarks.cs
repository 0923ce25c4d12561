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
/// What one recorded event costs the request that causes it, against a hand-written Serilog call with the same facts to a file.
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

    [Benchmark(Baseline = true)]
    public void HandWrittenSerilogCallToAFile() =>
        _file.Warning(
            "{Action} {Outcome} {Reason} {Policy} {Address} {Method} {Path} {Agent} {Request} {Service} {Host}",
            "authz_fail", "failure", "needs role manager", "Managers", "203.0.113.7", "GET", "/admin", "Mozilla/5.0", "0HN", "shop", "host");

    [Benchmark]
    public void RecordedEvent() => _audit.Record(_event);

    [Benchmark]
    public async Task RecordedEventOnDisk() => await _audit.RecordAsync(_event);
}
