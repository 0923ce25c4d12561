using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecurityAudit.Journal;
using SecurityAudit.Opening;

namespace SecurityAudit.Alerts;

/// <summary>Every channel that alerts go to, from the start of the application to its end.</summary>
/// <remarks>
/// Each channel reads the journal by itself, as far as it is durable, from where it has delivered: the journal is the queue, so nothing has
/// to be handed over, nothing is dropped for want of room, and a channel that is slow or dead holds up no other. Nothing here can fail the
/// application but two channels of one name, at the start.
/// </remarks>
internal sealed class AlertChannels : BackgroundService
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookWhileStopping = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LookAtTheJournalEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookForAJournalEvery = TimeSpan.FromSeconds(1);

    private readonly (AlertChannel Channel, ChannelFollower Follower, UnrecordedAlerts Unrecorded)[] _channels;
    private readonly WebhookSink[] _webhooks;
    private readonly Lazy<AuditJournal> _journal;
    private readonly JournalOutage _outage;
    private readonly TimeProvider _time;

    public AlertChannels(
        Lazy<AuditJournal> journal, IEnumerable<IAlertSink> sinks, IOptions<SecurityAuditOptions> options, DeliveryReport report, JournalOutage outage,
        TimeProvider time)
    {
        (_journal, _outage, _time) = (journal, outage, time);
        var alerts = options.Value.Alerts;
        _webhooks = [.. AlertWebhooks.Of(alerts, time)];
        IAlertSink[] all = [.. _webhooks, .. sinks];
        ChannelNames.Check(all);
        _channels =
        [
            .. all.Select(sink => new AlertChannel(sink, alerts, time, report))
                .Select(channel => (channel, new ChannelFollower(channel, alerts, time, report), new UnrecordedAlerts(channel, alerts, report))),
        ];
    }

    /// <summary>Each channel's name and how it does.</summary>
    public IEnumerable<(string Name, ChannelStatus Status)> Status => _channels.Select(channel => (channel.Channel.Name, channel.Channel.Status));

    /// <summary>
    /// Delivers an alert that the journal did not take, from memory: bounded, for as long as the process lives. Returns at once, from any
    /// thread, and throws nothing.
    /// </summary>
    public void DeliverUnrecorded(AlertNotification alert)
    {
        foreach (var channel in _channels)
        {
            channel.Unrecorded.Add(alert);
        }
    }

    /// <summary>So many lines of a log, from the first on, no channel needs any more.</summary>
    public long SettledSize(JournalLog log) => _channels.Length == 0
        ? long.MaxValue
        : _channels.Min(channel => DeliveryRecord.FileOf(JournalDirectory.Holding(log.Directory), log.Id, channel.Channel.Name).Load()?.Next ?? 0);

    /// <summary>
    /// What is on disk is delivered before the stop, by the channels that do well and for a few seconds; the rest by the next start.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_channels.Length > 0 && _journal.Value.Writer is { } writer)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(LongestFarewell);
            await DrainAsync(writer, limit.Token);
        }

        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        Array.ForEach(_webhooks, webhook => webhook.Dispose());
        foreach (var (channel, _, unrecorded) in _channels)
        {
            channel.Dispose();
            unrecorded.Dispose();
        }

        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (_channels.Length == 0)
        {
            return;
        }

        try
        {
            await Task.WhenAll([FollowAsync(stoppingToken), WatchAsync(stoppingToken), .. _channels.Select(channel => channel.Unrecorded.RunAsync(stoppingToken))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // the next start goes on from what was noted
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        JournalWriter? writer;
        while ((writer = _journal.Value.Writer) is null)
        {
            await Task.Delay(LookForAJournalEvery, _time, cancellationToken); // it is tried again by whoever opens it
        }

        await Task.WhenAll(_channels.Select(channel => channel.Follower.RunAsync(writer, cancellationToken)));
    }

    private async Task DrainAsync(JournalWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await writer.FlushAsync(cancellationToken);
            var size = writer.DurableSize;
            while (Array.Exists(_channels, channel => channel.Follower.Settled < size && channel.Channel.Status.FailingSince is null))
            {
                await Task.Delay(LookWhileStopping, cancellationToken); // by the machine's clock: the host's time runs by it
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or JournalUnavailableException or ObjectDisposedException)
        {
            return;
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_outage.Look(_journal.Value.Health) is { } alert)
            {
                DeliverUnrecorded(alert);
            }

            await Task.Delay(LookAtTheJournalEvery, _time, cancellationToken);
        }
    }
}
