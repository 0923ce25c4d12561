using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace SecurityAudit.Capture;

/// <summary>
/// The one listener to the meters of ASP.NET Core, of this host alone: those of other hosts in the process belong to another factory.
/// Listens from its creation on. An instrument that no hook observes costs nothing.
/// </summary>
internal sealed class FrameworkMeters : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, bool> _heard = new(StringComparer.Ordinal);
    private readonly HookFailures _failures;

    public FrameworkMeters(IMeterFactory factory, IEnumerable<IMeterObserver> observers, HookFailures failures)
    {
        _failures = failures;
        IMeterObserver[] all = [.. observers];
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory)
                && Array.FindAll(all, observer => observer.Observes(instrument)) is { Length: > 0 } interested)
            {
                listener.EnableMeasurementEvents(instrument, interested);
                _heard[instrument.Meter.Name] = true;
            }
        };
        _listener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, interested) => Measured(instrument, value, tags, interested));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, interested) => Measured(instrument, value, tags, interested));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, interested) => Measured(instrument, value, tags, interested));
        _listener.Start();
    }

    /// <summary>Whether that meter has an instrument which a hook asked for, and is listened to. Safe for any thread.</summary>
    public bool Hears(string meter) => _heard.ContainsKey(meter);

    public void Dispose() => _listener.Dispose();

    // What is thrown here would reach the application's own operation and keep other listeners from it.
    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? interested)
    {
        foreach (var observer in (IMeterObserver[])interested!)
        {
            try
            {
                observer.Measured(instrument, value, tags);
            }
            catch (Exception failure) when (HookFailures.Catches(failure))
            {
                _failures.Failed(observer, failure, $"{instrument.Meter.Name}, {instrument.Name}");
            }
        }
    }
}
