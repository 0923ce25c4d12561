using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture;
using SecurityAudit.Capture.Identity;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Opening;
using SecurityAudit.Recording;

namespace SecurityAudit.Hosting;

/// <summary>Opens the journal before the application serves and records its start, what is covered, and its stop.</summary>
internal sealed partial class AuditLifetime(
    IServiceProvider services,
    IOptions<SecurityAuditOptions> options,
    ILogger<AuditLifetime> logger) : IHostedLifecycleService
{
    private SecurityRecorder? _recorder;

    /// <summary>
    /// A journal that cannot be opened stops the start here, with its reason, where the owner chose Refuse; otherwise the start goes on and
    /// the log says so.
    /// </summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var recorder = _recorder = services.GetRequiredService<SecurityRecorder>();
        if (services.GetRequiredService<AuditJournal>().Writer is { } journal)
        {
            Log.Opened(logger, journal.LogDirectory);
        }

        await recorder.RecordAsync(SecurityEvents.SysStartup(), cancellationToken);
        if (!options.Value.Detection.Enabled)
        {
            recorder.Record(SecurityEvents.SysMonitorDisabled("detection"));
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope(); // what the application registered may know no other end
        var found = CaptureHooks.All.Select(hook => Look(hook, scope.ServiceProvider)).OfType<Coverage>().ToList();
        foreach (var gap in found.Where(coverage => !coverage.Covered))
        {
            Log.NotCovered(logger, gap.Hook, gap.Remedy);
        }

        ImmutableArray<string> covered = [.. found.Where(coverage => coverage.Covered).Select(coverage => coverage.Hook)];
        ImmutableArray<string> missing = [.. found.Where(coverage => !coverage.Covered).Select(coverage => coverage.Hook)];
        var coverage = SecurityEvents.AuditCoverage()
            .With(EventFields.Captured, covered)
            .With(EventFields.Missing, missing);
        string[] inPart = [.. services.GetServices<OwnUserStore>().Select(store => store.Limits)];
        foreach (var limits in inPart)
        {
            Log.CoveredInPart(logger, limits);
        }

        coverage = inPart.Length > 0 ? coverage.WithAttribute("in_part", string.Join(' ', inPart)) : coverage;

        _recorder?.Record(
            missing.IsEmpty ? coverage : coverage with { Outcome = EventOutcome.Failure, Severity = EventSeverity.High, Reason = "not covered: " + string.Join(", ", missing) });
    }

    /// <summary>
    /// A check resolves the application's services, whose construction may fail: that is not to stop a start that would have gone well.
    /// </summary>
    private Coverage? Look(CaptureHook hook, IServiceProvider scope)
    {
        try
        {
            return hook.Check(scope);
        }
        catch (Exception failure)
        {
            Log.NotChecked(logger, failure, hook.Name);
            return new Coverage(hook.Name, Covered: false, $"It could not be looked at: {failure.Message}");
        }
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

        [LoggerMessage(6, LogLevel.Warning, "{Limits}")]
        public static partial void CoveredInPart(ILogger logger, string limits);

        [LoggerMessage(2, LogLevel.Warning, "Security audit does not cover {Hook}. {Remedy}")]
        public static partial void NotCovered(ILogger logger, string hook, string remedy);

        [LoggerMessage(4, LogLevel.Warning, "Whether security audit covers {Hook} could not be looked at.")]
        public static partial void NotChecked(ILogger logger, Exception failure, string hook);

        [LoggerMessage(3, LogLevel.Error, "The stop of the application could not be recorded.")]
        public static partial void StopNotRecorded(ILogger logger, Exception refusal);
    }
}
