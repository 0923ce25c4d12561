namespace SecurityAudit.Alerts;

/// <summary>Alerts that no journal took, for one channel: in memory alone, so many and no more.</summary>
internal sealed class UnrecordedAlerts(AlertChannel channel, AlertOptions options, DeliveryReport report) : IDisposable
{
    public const int MostWaiting = 1000;

    private readonly Queue<AlertNotification> _inbox = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly WaitingAlerts _waiting = new(options.DigestAbove);

    /// <summary>Takes it and returns; from any thread.</summary>
    public void Add(AlertNotification alert)
    {
        if (!channel.Wants(alert))
        {
            return;
        }

        channel.Told(alert);
        lock (_inbox)
        {
            if (_inbox.Count < MostWaiting)
            {
                _inbox.Enqueue(alert);
                _arrived.Release();
                return;
            }
        }

        report.NoRoom(channel.Name, 1);
    }

    /// <summary>Delivers what comes, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _arrived.WaitAsync(cancellationToken);
            Take();
            while (_waiting.Count > 0)
            {
                await channel.ReadyAsync(cancellationToken);
                Take();
                var delivery = _waiting.Next();
                var outcome = await channel.AttemptAsync(delivery, _waiting.Count, cancellationToken);
                if (outcome == AttemptOutcome.Refused)
                {
                    channel.GaveUp(delivery.Digest?.Total ?? 1, _waiting.IdsOfNext, $"It was refused again and again. {channel.Status.Problem}");
                }

                if (outcome != AttemptOutcome.Failed)
                {
                    _waiting.Settle();
                }
            }
        }
    }

    public void Dispose() => _arrived.Dispose();

    private void Take()
    {
        lock (_inbox)
        {
            while (_inbox.TryDequeue(out var alert))
            {
                _waiting.Add(alert, bookmark: null);
            }
        }
    }
}
