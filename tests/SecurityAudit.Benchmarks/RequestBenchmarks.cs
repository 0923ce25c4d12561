using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;

namespace SecurityAudit.Benchmarks;

/// <summary>What a request without a security event pays: the same pipeline with and without the one line.</summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private readonly DefaultHttpContext _context = new();
    private DirectoryInfo _folder = null!;
    private WebApplication _app = null!;
    private RequestDelegate _synchronous = null!;
    private RequestDelegate _asynchronous = null!;
    private TaskCompletionSource _pending = new();

    /// <summary>The failure mode; none: without the library.</summary>
    [Params("none", nameof(JournalFailureMode.Continue), nameof(JournalFailureMode.Refuse))]
    public string Audited { get; set; } = "none";

    [GlobalSetup]
    public void Start()
    {
        _folder = Directory.CreateTempSubdirectory("sa-bench-");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders();
        if (Enum.TryParse<JournalFailureMode>(Audited, out var mode))
        {
            builder.AddSecurityAudit(audit => audit.Configure(options => options.Journal.FailureMode = mode));
        }

        _app = builder.Build();
        _context.RequestServices = _app.Services;
        _synchronous = Pipeline(_ => Task.CompletedTask);
        _asynchronous = Pipeline(_ => _pending.Task);
    }

    [GlobalCleanup]
    public async Task Stop()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Benchmark]
    public Task CompletesAtOnce() => _synchronous(_context);

    [Benchmark]
    public async Task CompletesLater()
    {
        _pending = new TaskCompletionSource();
        var request = _asynchronous(_context);
        _pending.SetResult();
        await request;
    }

    /// <summary>The pipeline as the host builds it: the startup filters around the application.</summary>
    private RequestDelegate Pipeline(RequestDelegate application)
    {
        Action<IApplicationBuilder> configure = pipeline => pipeline.Run(application);
        foreach (var filter in _app.Services.GetServices<IStartupFilter>().Where(filter => filter.GetType().Assembly == typeof(ISecurityAudit).Assembly))
        {
            configure = filter.Configure(configure);
        }

        var pipeline = new ApplicationBuilder(_app.Services);
        configure(pipeline);
        return pipeline.Build();
    }
}
