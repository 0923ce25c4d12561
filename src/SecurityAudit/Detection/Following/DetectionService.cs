using System.Numerics;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Journal;
using SecurityAudit.Metrics;
using SecurityAudit.Opening;
using SecurityAudit.Recording;

namespace SecurityAudit.Detection.Following;

/// <summary>
/// Follows this process's own log as it becomes durable and lets the rules judge each line. There is no queue: a flood is read when there is
/// time, from the journal, and nothing waits for it.
/// </summary>
/// <remarks>
/// At a start it reads the journal again from as far back as the longest window, so that an attack that spans a restart is one attack, and
/// tells what was not judged before. Fails open and loudly: a rule that throws is counted and logged, and the others go on.
/// </remarks>
internal sealed partial class DetectionService(
    AuditJournal journal,
    ActiveRules rules,
    IOptions<SecurityAuditOptions> options,
    SecurityRecorder recorder,
    JournalTroubles troubles,
    IAlertListener listener,
    AuditMetrics metrics,
    TimeProvider time,
    ILogger<DetectionService> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan AfterAnError = TimeSpan.FromSeconds(5);

    private readonly ClockSteps _steps = new(time);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _isDisposed;
    private long _failures;
    private DetectionRun? _run;

    /// <summary>How often a rule, or the reading of the journal, has failed.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Lines that are durable and not yet judged.</summary>
    public long Behind => Volatile.Read(ref _run)?.Behind ?? 0;

    /// <summary>By itself and not as a <see cref="BackgroundService"/>, which a stop right behind the start would keep from running at all.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = options.Value.Detection.Enabled ? Task.Run(() => RunAsync(_stop.Token), CancellationToken.None) : Task.CompletedTask;
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_isDisposed)
        {
            return; // a host that stops once more, late
        }

        await _stop.CancelAsync();
        await Task.WhenAny(_running, Task.Delay(Timeout.Infinite, cancellationToken)); // what is not judged by then is judged at the next start
    }

    public void Dispose()
    {
        _isDisposed = true;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        metrics.WatchDetection(() => Behind);
        do
        {
            try
            {
                await FollowAsync(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                Failed("the journal", failure);
                await PauseAsync(AfterAnError, stoppingToken);
            }
        }
        while (!stoppingToken.IsCancellationRequested);
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        var writer = await OpenedAsync(stoppingToken);
        var directory = JournalDirectory.Holding(writer.LogDirectory);
        var file = DetectionState.FileOf(directory, writer.Id);
        using var held = Lock(file);
        using var follower = FollowerOf(writer.LogDirectory, () => writer.DurableSize, Load(file), listener);
        var run = new DetectionRun(writer, file, follower, recorder, troubles, _steps, metrics, time, Failed, logger);
        Volatile.Write(ref _run, run);
        var left = new LeftLogs(directory, writer.Id, (log, state) => FollowerOf(log.Directory, () => null, state, listener: null), time, Failed);
        await Task.WhenAll(run.RunAsync(stoppingToken), left.RunAsync(stoppingToken));
    }

    private LogFollower FollowerOf(string logDirectory, Func<long?> durable, DetectionState state, IAlertListener? listener)
    {
        var lists = rules.Lists();
        var engine = new RuleEngine(
            rules.Active, lists, options.Value.Detection.Exceptions, rules.Resolver, state.Seed, (watch, failure) => Failed(watch.Rule.Id, failure));
        return new LogFollower(
            logDirectory, durable, engine, new JournalClock(time), new AlertLog(recorder, new EventQueries(lists), logger), state, listener);
    }

    /// <summary>A volume on which no file can be made keeps no line from being judged.</summary>
    private IDisposable? Lock(ProgressFile<DetectionState> file)
    {
        try
        {
            return file.TryLock() ?? throw new InvalidOperationException("The log is being judged by another process, which takes it for left behind; tried again.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Failed("the saving of its state", failure);
            return null;
        }
    }

    private async Task<JournalWriter> OpenedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (journal.Writer is { } writer)
            {
                return writer;
            }

            await Task.Delay(AuditJournal.FirstRetry, time, cancellationToken);
        }
    }

    private DetectionState Load(ProgressFile<DetectionState> file)
    {
        try
        {
            if (file.Load() is { } state)
            {
                return state;
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Log.StateLost(logger, failure, failure.Message);
        }

        return new DetectionState(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)), new Dictionary<string, IReadOnlyList<HistoryEntry>>(StringComparer.Ordinal));
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(pause, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return; // the loop sees it
        }
    }

    private void Failed(string where, Exception failure)
    {
        metrics.Failed("detection");

        // A rule that fails may fail on each event of a storm: the 1st, 2nd, 4th, 8th … time is enough to know.
        if (BitOperations.IsPow2(Interlocked.Increment(ref _failures)))
        {
            Log.Failed(logger, failure, where, Failures);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Error, "Detection failed at {Where} and goes on; failures so far: {Count}.")]
        public static partial void Failed(ILogger logger, Exception failure, string where, long count);

        [LoggerMessage(3, LogLevel.Warning, "What detection remembered is lost, and it begins anew: {Reason} "
            + "The journal is read again; what it knew of accounts for weeks is gone.")]
        public static partial void StateLost(ILogger logger, Exception failure, string reason);
    }
}
