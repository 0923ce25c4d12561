using System.Diagnostics.Metrics;

namespace SecurityAudit.Shipping;

/// <summary>The meter of a destination, with the same instruments for each.</summary>
internal sealed class ShippingMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _doubtful;
    private readonly Counter<long> _skipped;
    private Func<(long Events, double Seconds)> _lag = static () => (0, 0);

    public ShippingMetrics(IMeterFactory? factory, string meterName)
    {
        _meter = factory?.Create(meterName) ?? new Meter(meterName);
        _events = _meter.CreateCounter<long>("security_audit.shipping.events", "{event}", "Events settled: stored, or found stored.");
        _bytes = _meter.CreateCounter<long>("security_audit.shipping.bytes", "By", "Bytes of request bodies that were answered, before gzip.");
        _retries = _meter.CreateCounter<long>("security_audit.shipping.retries", "{request}", "Requests to be sent again.");
        _deadLetters = _meter.CreateCounter<long>("security_audit.shipping.dead_letters", "{event}", "Events that the destination refused and that were set aside.");
        _doubtful = _meter.CreateCounter<long>("security_audit.shipping.doubtful", "{event}", "Events of which it is not sure that each is stored once.");
        _skipped = _meter.CreateCounter<long>("security_audit.shipping.skipped", "{event}", "Events that the journal did not have any more when they were to be shipped.");
        _meter.CreateObservableGauge("security_audit.shipping.lag", () => _lag().Events, "{event}", "Events on disk that are not settled.");
        _meter.CreateObservableGauge("security_audit.shipping.lag.time", () => _lag().Seconds, "s", "Age of the oldest event that is not settled.");
    }

    /// <summary>Nobody listens.</summary>
    public static ShippingMetrics None => new(null, "SecurityAudit.Shipping");

    public void Watch(Func<(long Events, double Seconds)> lag) => _lag = lag;

    public void Stored(int count) => _events.Add(count);

    public void Sent(int bytes) => _bytes.Add(bytes);

    public void Retry() => _retries.Add(1);

    public void DeadLetter() => _deadLetters.Add(1);

    public void Doubtful(int count) => _doubtful.Add(count);

    public void Skipped(long count) => _skipped.Add(count);

    public void Dispose() => _meter.Dispose();
}
