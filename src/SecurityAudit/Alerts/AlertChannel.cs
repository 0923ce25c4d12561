namespace SecurityAudit.Alerts;

/// <summary>
/// One sink, one delivery at a time, each for a bounded time, with a pause after a failure and no more messages in a minute than a person
/// reads.
/// </summary>
/// <remarks>
/// Whatever the sink does, this throws nothing but the cancellation of whoever waits. A delivery under way is not cancelled by a stop: it is
/// given its time, so that it is known what became of it.
/// </remarks>
internal sealed class AlertChannel(IAlertSink sink, AlertOptions options, TimeProvider time, DeliveryReport report, Func<double>? random = null) : IDisposable
{
    /// <summary>So many attempts on one message before it may be set aside.</summary>
    public const int LeastAttempts = 10;

    private const int MostTold = 1000;
    private const string AnyDigest = "digest";

    private readonly SemaphoreSlim _turn = new(1);
    private readonly DeliveryBackoff _backoff = new(random ?? Random.Shared.NextDouble); // spreads load; nothing secret depends on it
    private readonly DeliveryPace _pace = new(options.DigestAbove);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private readonly long _began = time.GetTimestamp(); // pauses are measured by a clock that nobody sets
    private ChannelStatus _status = ChannelStatus.New;
    private Task _underWay = Task.CompletedTask;
    private TimeSpan _notBefore;
    private (string Id, int Count) _refused;

    public string Name => sink.Name;

    public EventSeverity MinimumSeverity => sink.MinimumSeverity;

    /// <summary>May be asked from any thread.</summary>
    public ChannelStatus Status => Volatile.Read(ref _status);

    public bool Wants(AlertNotification alert) => alert.Gravity >= MinimumSeverity;

    /// <summary>Was it told before it could be recorded?</summary>
    public bool WasTold(AlertNotification alert)
    {
        lock (_told)
        {
            return _told.Contains(DigestBuilder.KeyOf(alert));
        }
    }

    public void Told(AlertNotification alert)
    {
        lock (_told)
        {
            if (_told.Count >= MostTold)
            {
                _told.Clear(); // at worst one is told twice
            }

            _told.Add(DigestBuilder.KeyOf(alert));
        }
    }

    /// <summary>How long it is until an attempt may be made: the pause after a failure is over, and there is room in the minute.</summary>
    public TimeSpan Pause
    {
        get
        {
            var now = Now;
            var pace = _pace.Wait(now);
            var wait = _notBefore - now > pace ? _notBefore - now : pace;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    /// <summary>Returns when the <see cref="Pause"/> is over.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (Pause is var pause && pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Tries once.</summary>
    /// <param name="delivery">What to deliver.</param>
    /// <param name="waiting">How many alerts wait, with these.</param>
    /// <param name="cancellationToken">Ends the waiting for a turn.</param>
    public async Task<AttemptOutcome> AttemptAsync(AlertDelivery delivery, long waiting, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var failure = await DeliverAsync(delivery);
            _pace.Sent(Now, isDigest: failure is null && delivery.Digest is not null);
            if (failure is null)
            {
                Succeeded(delivery);
                return AttemptOutcome.Delivered;
            }

            Failed(delivery, failure, waiting);
            return IsRefused(delivery, failure) ? AttemptOutcome.Refused : AttemptOutcome.Failed;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>It is not delivered any more, which is said.</summary>
    public void GaveUp(long count, IEnumerable<string> ids, string reason)
    {
        _status = Status with { GivenUp = Status.GivenUp + count };
        report.GaveUp(Name, count, ids, reason);
    }

    public void Dispose() => _turn.Dispose();

    private TimeSpan Now => time.GetElapsedTime(_began);

    private async Task<Exception?> DeliverAsync(AlertDelivery delivery)
    {
        using var limit = new CancellationTokenSource(options.Timeout, time);
        try
        {
            // A sink that went on after its time is not called a second time beside itself.
            await _underWay.WaitAsync(options.Timeout, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            return new AlertDeliveryException($"The channel has not returned from the delivery before, which had {options.Timeout}.");
        }

        var underWay = Task.Run(() => sink.DeliverAsync(delivery, limit.Token), CancellationToken.None); // also what it does before it first waits
        _underWay = underWay.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await underWay.WaitAsync(options.Timeout + TimeSpan.FromMilliseconds(250), time, CancellationToken.None);
            return null;
        }
        catch (Exception failure) when (failure is TimeoutException || (failure is OperationCanceledException && limit.IsCancellationRequested))
        {
            return new AlertDeliveryException($"No answer within {options.Timeout}.", failure);
        }
        catch (Exception failure)
        {
            return failure; // whatever a sink throws is told and tried again
        }
    }

    private void Succeeded(AlertDelivery delivery)
    {
        var before = Status;
        _backoff.Reset();
        _notBefore = TimeSpan.Zero;
        _refused = default;
        _status = new ChannelStatus(0, null, null, before.Delivered + (delivery.Digest?.Total ?? 1), before.GivenUp);
        report.Delivered(Name, delivery, before);
    }

    private void Failed(AlertDelivery delivery, Exception failure, long waiting)
    {
        var now = time.GetUtcNow();
        var problem = failure is AlertDeliveryException told ? told.Message : $"The channel failed with {failure.GetType().Name}.";
        _notBefore = Now + _backoff.Next((failure as AlertDeliveryException)?.RetryAfter);
        _status = Status with { Failures = Status.Failures + 1, FailingSince = Status.FailingSince ?? now, Problem = problem };
        report.Failed(Name, delivery, failure, Status, waiting, now);
    }

    private bool IsRefused(AlertDelivery delivery, Exception failure)
    {
        if (failure is not AlertDeliveryException { IsRefusal: true })
        {
            return false;
        }

        var id = delivery.Alert is null ? AnyDigest : delivery.Id; // a digest grows from one attempt to the next
        _refused = _refused.Id == id ? (id, _refused.Count + 1) : (id, 1);
        return _refused.Count >= LeastAttempts;
    }
}
