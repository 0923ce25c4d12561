using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Journal;
using SecurityAudit.Tests.Alerts;

namespace SecurityAudit.Tests.Upgrade;

/// <summary>A real host over a journal that is there already, with the channel <c>pager</c> and the channel <c>chat</c>, by a clock of its own.</summary>
internal sealed class WatchedLife : IDisposable
{
    private readonly IHost _host;

    private WatchedLife(IHost host) => _host = host;

    public JournalWriter Writer => _host.Services.GetRequiredService<JournalWriter>();

    public static async Task<WatchedLife> StartAsync(string root, DateTimeOffset now, bool detects = true, params CollectingSink[] channels)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = root });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(new ClockFrom(now));
        builder.AddSecurityAudit(audit =>
        {
            audit.Configure(options =>
            {
                options.Journal.Directory = Path.Combine(root, "journal");
                options.Detection.Enabled = detects;
            });
            Array.ForEach(channels, channel => audit.AlertTo(channel));
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new WatchedLife(host);
    }

    public async Task RecordAsync(params IEnumerable<SecurityEvent> events)
    {
        foreach (var e in events)
        {
            _host.Services.GetRequiredService<ISecurityAudit>().Record(e);
        }

        await Writer.FlushAsync(TestContext.Current.CancellationToken);
    }

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public void Dispose() => _host.Dispose();

    /// <summary>Runs like the machine's, from another moment on.</summary>
    private sealed class ClockFrom(DateTimeOffset start) : TimeProvider
    {
        private readonly long _began = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + GetElapsedTime(_began);
    }
}
