using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecurityAudit.Capture;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Journal;
using SecurityAudit.Opening;
using SecurityAudit.Recording;

namespace SecurityAudit.Responses;

/// <summary>
/// Answers alerts: a block begins as soon as the alert is durable; what calls into the application waits for its turn, beside requests and
/// beside detection. At a start it reads in the journal what is not over, and which alerts a crash left without an answer.
/// </summary>
internal sealed partial class ResponseService(
    IOptions<SecurityAuditOptions> options,
    IServiceProvider services,
    ActiveRules rules,
    SourceBlocking blocking,
    SessionEnding sessions,
    HookCalls hooks,
    AuditJournal journal,
    SecurityRecorder recorder,
    HookFailures failures,
    ForwardedSources forwarded,
    TimeProvider time,
    ILogger<ResponseService> logger) : BackgroundService, IAlertListener
{
    /// <summary>Alerts that wait for a call into the application; some 2 MB at most.</summary>
    public const int MostWaiting = 1024;

    /// <summary>So old an alert may be that a crash kept from its answer.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterAnError = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SumInterval = TimeSpan.FromMinutes(1);

    private readonly ResponseOptions _options = options.Value.Response;
    private readonly ResponseRules _rules = new(options.Value.Response, rules.Active);
    private readonly bool _hasHooks = services.GetService<IServiceProviderIsService>()?.IsService(typeof(IAlertResponse)) ?? true;
    private readonly BoundedCalls _calls = new(time);
    private readonly AnsweredAlerts _answered = new();
    private readonly Channel<WaitingAlert> _waiting = Channel.CreateBounded<WaitingAlert>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private PeriodicTimer? _timer;
    private long _summedAt;

    private bool IsOn => options.Value.Detection.Enabled && (_options.BlockSource.Enabled || _options.EndSessions.Enabled || _hasHooks);

    public void Heard(in JournalLine line, bool isLive)
    {
        // Those of before are read together with what was done about them.
        if (!isLive || !IsOn)
        {
            return;
        }

        try
        {
            using var json = JsonDocument.Parse(line.Utf8);
            if (ResponseLine.Alert(line, json.RootElement) is { } alert)
            {
                Answer(alert, history: null);
            }
        }
        catch (Exception failure)
        {
            failures.Failed("response", failure, "an alert");
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Here, so that no time passes unseen between the first alert and the first look at the clock.
        (_timer, _summedAt) = (new PeriodicTimer(Tick, time), time.GetTimestamp());
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsOn)
        {
            return;
        }

        if (_options.BlockSource.Enabled && forwarded.TrustsAnybody)
        {
            Log.TrustsAnybody(logger);
        }

        await Task.WhenAll(GuardedAsync(RestoreAsync, stoppingToken), GuardedAsync(ReviewAsync, stoppingToken), GuardedAsync(CallAsync, stoppingToken));
    }

    /// <summary>The journal's last word of each block is its end, also of one that ends while the application stops.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_options.BlockSource.Enabled)
        {
            blocking.SumUp();
            blocking.End();
        }
    }

    public override void Dispose()
    {
        _timer?.Dispose();
        base.Dispose();
    }

    private void Answer(AlertNotification alert, ResponseHistory? history)
    {
        if (!_answered.Claim(alert))
        {
            return; // heard as it became durable, and read at the start, too
        }

        if (_options.BlockSource.Enabled && _rules.Blocks(alert) && history?.IsAnswered(alert, ResponseKind.BlockSource) != true)
        {
            blocking.Respond(alert);
        }

        // What calls into the application is called at the alert, not at its summaries, and not long after.
        if (alert.Stage == AlertStage.Summary || time.GetUtcNow() - alert.Timestamp > Late)
        {
            return;
        }

        var waiting = new WaitingAlert(
            alert,
            EndsSessions: _options.EndSessions.Enabled && _rules.EndsSessions(alert) && history?.IsAnswered(alert, ResponseKind.EndSessions) != true,
            CallsHooks: _hasHooks && history?.IsAnswered(alert, ResponseKind.Hook) != true);
        if (waiting.Kinds.Any() && !_waiting.Writer.TryWrite(waiting))
        {
            foreach (var kind in waiting.Kinds)
            {
                recorder.TryRecord(SecurityEvents.ResponseFailed(alert, kind, $"{MostWaiting} alerts wait already"));
            }
        }
    }

    /// <summary>What was begun before this start, and what a crash left.</summary>
    private async Task RestoreAsync(CancellationToken stoppingToken)
    {
        JournalWriter? writer;
        while ((writer = journal.Writer) is null)
        {
            await Task.Delay(AuditJournal.FirstRetry, time, stoppingToken);
        }

        var back = _options.BlockSource.Enabled && _options.BlockSource.Duration > Late ? _options.BlockSource.Duration : Late;
        var history = ResponseHistory.Read(writer, back, stoppingToken);
        if (_options.BlockSource.Enabled)
        {
            foreach (var (alert, until) in history.Blocks)
            {
                blocking.Restore(alert, until);
            }
        }

        foreach (var alert in history.Alerts)
        {
            Answer(alert, history);
        }
    }

    private async Task ReviewAsync(CancellationToken stoppingToken)
    {
        while (_timer is not null && await _timer.WaitForNextTickAsync(stoppingToken))
        {
            if (time.GetElapsedTime(_summedAt) >= SumInterval)
            {
                _summedAt = time.GetTimestamp();
                blocking.SumUp();
            }

            blocking.End();
        }
    }

    private async Task CallAsync(CancellationToken stoppingToken)
    {
        await foreach (var waiting in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            if (waiting.EndsSessions)
            {
                await sessions.RespondAsync(waiting.Alert, _calls, stoppingToken);
            }

            if (waiting.CallsHooks)
            {
                await hooks.RespondAsync(waiting.Alert, _calls, stoppingToken);
            }
        }
    }

    /// <summary>One part that fails keeps no other from its work, and begins again.</summary>
    private async Task GuardedAsync(Func<CancellationToken, Task> part, CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await part(stoppingToken);
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                failures.Failed("response", failure, "its own work");
            }

            await Task.Delay(AfterAnError, time, stoppingToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No source will be blocked: ForwardedHeadersOptions trusts every sender, so whoever attacks could choose whom to block. "
            + "Name the proxies in KnownProxies or KnownIPNetworks.")]
        public static partial void TrustsAnybody(ILogger logger);
    }
}
