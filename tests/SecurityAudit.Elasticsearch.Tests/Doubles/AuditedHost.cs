using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Elasticsearch.Hosting;
using SecurityAudit.Journal;
using SecurityAudit.Opening;
using SecurityAudit.Tests.Fields;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>An application that is audited and ships, with a journal in a temporary folder.</summary>
internal sealed class AuditedHost : IAsyncDisposable
{
    private readonly TemporaryFolder? _owned;

    private AuditedHost(WebApplication application, TemporaryFolder? owned, LogCollector log) => (Application, _owned, Log) = (application, owned, log);

    public WebApplication Application { get; }

    public LogCollector Log { get; }

    public ISecurityAudit Audit => Application.Services.GetRequiredService<ISecurityAudit>();

    public JournalWriter Journal => Application.Services.GetRequiredService<JournalWriter>();

    public ElasticsearchShipping Shipping => Application.Services.GetRequiredService<ElasticsearchShipping>();

    public string Directory { get; private init; } = "";

    public static async Task<AuditedHost> StartAsync(
        Action<SecurityAuditBuilder>? audit = null, IReadOnlyDictionary<string, string?>? settings = null, string? folder = null, TimeProvider? time = null)
    {
        var owned = folder is null ? new TemporaryFolder() : null;
        var log = new LogCollector();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder ?? owned!.Path });
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.AddSecurityAudit(audit ?? (_ => { }));
        var application = builder.Build();
        await application.StartAsync();
        return new AuditedHost(application, owned, log) { Directory = Path.Combine(folder ?? owned!.Path, "audit") };
    }

    /// <summary>Waits until everything recorded so far is settled.</summary>
    public async Task ShippedAsync(int seconds = 30)
    {
        await Journal.FlushAsync();
        var size = Journal.DurableSize;
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while ((Shipping.Status.Record?.Next ?? 0) < size)
        {
            try
            {
                await Task.Delay(20, bound.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{Shipping.Status} after {seconds} s; {size} lines are on disk.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Application.StopAsync();
        await Application.DisposeAsync();
        foreach (var log in JournalDirectory.Logs(Directory))
        {
            using var reader = new JournalReader(log.Directory);
            while (reader.TryRead(out var line))
            {
                ListedFields.Checked(JsonElement.Parse(line.Utf8.Span));
            }
        }

        _owned?.Dispose();
    }
}

/// <summary>Everything that was logged.</summary>
internal sealed class LogCollector : ILoggerProvider, ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
