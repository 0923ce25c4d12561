using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Journal;
using SecurityAudit.Recording;

namespace SecurityAudit.Hosting;

/// <summary>Opens the journal before the application serves and records its start, what is covered, and its stop.</summary>
internal sealed partial class AuditLifetime(
    IServiceProvider services,
    IOptions<SecurityAuditOptions> options,
    IEnumerable<ICoverageCheck> checks,
    ILogger<AuditLifetime> logger) : IHostedLifecycleService
{
    /// <summary>A journal that cannot be opened stops the start here, with its reason.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var recorder = services.GetRequiredService<SecurityRecorder>();
        Log.Opened(logger, services.GetRequiredService<JournalLocation>().Directory);
        await recorder.RecordAsync(SecurityEvents.SysStartup(), cancellationToken);
        if (!options.Value.Detection.Enabled)
        {
            recorder.Record(SecurityEvents.SysMonitorDisabled("detection"));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        using var scope = services.CreateScope();
        var found = checks.SelectMany(check => check.Check(scope.ServiceProvider)).ToList();
        foreach (var gap in found.Where(coverage => !coverage.Covered))
        {
            Log.NotCovered(logger, gap.Hook, gap.Remedy);
        }

        ImmutableArray<string> covered = [.. found.Where(coverage => coverage.Covered).Select(coverage => coverage.Hook)];
        ImmutableArray<string> missing = [.. found.Where(coverage => !coverage.Covered).Select(coverage => coverage.Hook)];
        var coverage = SecurityEvents.AuditCoverage()
            .With("security_audit.coverage.captured", covered)
            .With("security_audit.coverage.missing", missing);
        services.GetRequiredService<SecurityRecorder>().Record(
            missing.IsEmpty ? coverage : coverage with { Outcome = EventOutcome.Failure, Severity = EventSeverity.High, Reason = "not covered: " + string.Join(", ", missing) });
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await services.GetRequiredService<SecurityRecorder>().RecordAsync(SecurityEvents.SysShutdown(), cancellationToken);
        }
        catch (JournalUnavailableException refusal)
        {
            // A stop cannot be refused; that it is not in the journal is in the log.
            Log.StopNotRecorded(logger, refusal);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Security events are recorded in {Directory}.")]
        public static partial void Opened(ILogger logger, string directory);

        [LoggerMessage(2, LogLevel.Warning, "Security audit does not cover {Hook}. {Remedy}")]
        public static partial void NotCovered(ILogger logger, string hook, string? remedy);

        [LoggerMessage(3, LogLevel.Error, "The stop of the application could not be recorded.")]
        public static partial void StopNotRecorded(ILogger logger, Exception refusal);
    }
}
