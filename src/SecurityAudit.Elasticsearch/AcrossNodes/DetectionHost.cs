using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Alerts;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Journal;
using SecurityAudit.Opening;
using SecurityAudit.Recording;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>
/// A process that is audited like any application, with a journal of its own: what is found in the events of all nodes is recorded there,
/// and whatever delivers alerts from an application's journal delivers them from this one.
/// </summary>
internal sealed class DetectionHost : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly IHost _host;

    private DetectionHost(IHost host) => _host = host;

    public JournalWriter Journal { get; private init; } = null!;

    public IAlertRecord Record => new RecorderRecord(_host.Services.GetRequiredService<SecurityRecorder>());

    /// <summary>Opens the journal and begins to deliver what it holds.</summary>
    /// <param name="directory">The journal's directory.</param>
    /// <param name="configuration">The section <c>SecurityAudit</c> with rules, lists and channels.</param>
    /// <param name="contentRoot">Where a relative folder of rules begins.</param>
    /// <param name="log">Takes warnings.</param>
    /// <param name="cancellationToken">Ends it halfway.</param>
    /// <exception cref="FormatException">The configuration cannot be used; the message lists all of it.</exception>
    /// <exception cref="IOException">There is no journal.</exception>
    public static async Task<DetectionHost> StartAsync(
        string directory, IConfiguration configuration, string contentRoot, ILoggerProvider log, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { ApplicationName = "security-audit", ContentRootPath = contentRoot, DisableDefaults = true });
        builder.Configuration.AddConfiguration(configuration);
        builder.Configuration.AddInMemoryCollection(
        [
            new("SecurityAudit:Journal:Directory", Path.GetFullPath(directory)),
            new("SecurityAudit:Detection:Enabled", "false"), // of this process itself: its rules are led over the events of all nodes
        ]);
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Warning);
        builder.AddSecurityAudit();
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (OptionsValidationException faults)
        {
            host.Dispose();
            throw new FormatException(string.Join(' ', faults.Failures), faults);
        }

        return host.Services.GetRequiredService<AuditJournal>() is { Writer: { } writer } journal
            ? new DetectionHost(host) { Journal = writer }
            : throw new IOException(
                $"The journal '{directory}' cannot be written: {host.Services.GetRequiredService<AuditJournal>().Health.Reason} What is found could not be kept.");
    }

    /// <summary>The rules that are on, with lists that are put in.</summary>
    public CrossNodeSettings Settings(RuleLists lists)
    {
        var rules = _host.Services.GetRequiredService<ActiveRules>();
        var settings = _host.Services.GetRequiredService<IOptions<SecurityAuditOptions>>().Value.Detection;
        return new CrossNodeSettings([.. rules.Active], lists.Of(settings), settings.Exceptions) { Resolver = rules.Resolver };
    }

    /// <summary>
    /// Waits until every channel has delivered what is recorded so far; false when one has not within that time, so that the next run does.
    /// </summary>
    public async Task<bool> DeliveredAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await Journal.FlushAsync(cancellationToken);
        var (size, channels) = (Journal.DurableSize, _host.Services.GetRequiredService<AlertChannels>());
        var log = JournalDirectory.Logs(JournalDirectory.Holding(Journal.LogDirectory)).First(log => log.Id == Journal.Id);
        for (var waited = Stopwatch.StartNew(); channels.SettledSize(log) < size; await Task.Delay(Poll, cancellationToken))
        {
            if (waited.Elapsed > patience)
            {
                return false;
            }
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
