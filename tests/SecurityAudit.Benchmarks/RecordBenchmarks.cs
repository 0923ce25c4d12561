using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SecurityAudit.Benchmarks;

/// <summary>
/// What one recorded event costs the request that causes it, against a hand-written Serilog call with as many facts to a file.
/// </summary>
[MemoryDiagnoser]
public class RecordBenchmarks
{
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
        _app.Services.GetRequiredService<IHttpContextAccessor>().HttpContext = SameFacts.Request(_app.Services);
        _audit = _app.Services.GetRequiredService<ISecurityAudit>();
        _file = SameFacts.ToFile(_folder.FullName);
    }

    [GlobalCleanup]
    public async Task Stop()
    {
        await _file.DisposeAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Benchmark(Baseline = true)]
    public void HandWrittenSerilogCallToAFile() => SameFacts.Write(_file);

    [Benchmark]
    public void RecordedEvent() => _audit.Record(SameFacts.Event);

    [Benchmark]
    public async Task RecordedEventOnDisk() => await _audit.RecordAsync(SameFacts.Event);
}
