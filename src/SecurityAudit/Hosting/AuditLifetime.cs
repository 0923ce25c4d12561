using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Journal;
using SecurityAudit.Opening;
using SecurityAudit.Recording;
using SecurityAudit.Sentences;
using SecurityAudit.Survey;

namespace SecurityAudit.Hosting;

/// <summary>Opens the journal before the application serves and records its start, what is covered, and its stop.</summary>
internal sealed partial class AuditLifetime(
    IServiceProvider services,
    IOptions<SecurityAuditOptions> options,
    ILogger<AuditLifetime> logger) : IHostedLifecycleService
{
    /// <summary>Of gaps that are alike.</summary>
    private const int MostNamed = 8;

    private SecurityRecorder? _recorder;
    private HookFailures? _failures;

    /// <summary>
    /// A journal that cannot be opened stops the start here, with its reason, where the owner chose Refuse; otherwise the start goes on and
    /// the log says so.
    /// </summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var recorder = _recorder = services.GetRequiredService<SecurityRecorder>();
        _failures = services.GetRequiredService<HookFailures>();
        if (services.GetRequiredService<AuditJournal>().Writer is { } journal)
        {
            Log.Opened(logger, journal.LogDirectory);
        }

        await recorder.RecordAsync(SecurityEvents.SysStartup(), cancellationToken);
        if (!options.Value.Detection.Enabled)
        {
            recorder.Record(SecurityEvents.SysMonitorDisabled("detection"));
            return;
        }

        foreach (var rule in services.GetRequiredService<ActiveRules>().SwitchedOff)
        {
            recorder.Record(SecurityEvents.SysMonitorDisabled("detection:" + rule.Id));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var coverage = await services.GetRequiredService<CoverageSurvey>().LookAsync();
        foreach (var gap in coverage.Of(CoverageState.Missing).GroupBy(item => item.Remedy, StringComparer.Ordinal))
        {
            Log.NotCovered(logger, Words.Some(gap.Select(item => item.ToString()), MostNamed), gap.Key);
        }

        foreach (var gap in coverage.Of(CoverageState.Partial))
        {
            Log.CoveredInPart(logger, gap, gap.Remedy);
        }

        foreach (var accepted in coverage.Of(CoverageState.Accepted).GroupBy(item => item.Reason, StringComparer.Ordinal))
        {
            Log.Accepted(logger, Words.Some(accepted.Select(item => item.ToString()), MostNamed), accepted.Key);
        }

        if (coverage.UnmatchedAcceptedGaps is { IsEmpty: false } unmatched)
        {
            Log.NoGap(logger, Words.Some(unmatched, MostNamed));
        }

        _recorder?.Record(CoverageEvent.Of(coverage, services.GetRequiredService<EventDestinations>()));
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// The host's time may be over already, which its token says: the stop is recorded all the same, and waits for the disk as long as the
    /// journal's own bound.
    /// </summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_recorder is not { } recorder)
        {
            return; // a start that failed; and a container that is disposed of already has nothing to give
        }

        _failures?.Report();
        try
        {
            await recorder.RecordAsync(SecurityEvents.SysShutdown(), CancellationToken.None);
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

        [LoggerMessage(2, LogLevel.Warning, "Security audit does not cover {Parts}. {Remedy}")]
        public static partial void NotCovered(ILogger logger, string parts, string? remedy);

        [LoggerMessage(4, LogLevel.Debug, "Security audit covers {Part} in part. {Remedy}")]
        public static partial void CoveredInPart(ILogger logger, CoverageItem part, string? remedy);

        [LoggerMessage(5, LogLevel.Information, "Security audit does not cover {Parts}, or not whole, which is accepted: {Reason}")]
        public static partial void Accepted(ILogger logger, string parts, string? reason);

        [LoggerMessage(6, LogLevel.Warning,
            "SecurityAudit:AcceptedGaps names {Names}, which is no gap of this application. Write a name as the event audit_coverage has it, "
            + "e.g. 'form:POST /webhook', or take it out where the gap is closed.")]
        public static partial void NoGap(ILogger logger, string names);

        [LoggerMessage(3, LogLevel.Error, "The stop of the application could not be recorded.")]
        public static partial void StopNotRecorded(ILogger logger, Exception refusal);
    }
}
