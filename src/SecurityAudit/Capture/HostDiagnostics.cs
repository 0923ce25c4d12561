using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture;

/// <summary>
/// The one subscriber to the diagnostic listener of this host, which each request is asked about: of other events it wants to hear nothing.
/// Listens from its creation on.
/// </summary>
internal sealed class HostDiagnostics : IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private readonly IHostEventObserver[] _observers;
    private readonly HookFailures _failures;
    private readonly IDisposable? _subscription;

    public HostDiagnostics(IServiceProvider services, IEnumerable<IHostEventObserver> observers, HookFailures failures)
    {
        (_observers, _failures) = ([.. observers], failures);
        // Of this host alone. A host without a web server has none.
        _subscription = services.GetService<DiagnosticListener>()?.Subscribe(this, name => Of(name) is not null);
    }

    public bool IsListening => _subscription is not null;

    // The server asks no listener in particular whether it wants to know: whoever listens gets all that anybody asked for.
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not { } told || Of(value.Key) is not { } observer)
        {
            return;
        }

        try
        {
            observer.Happened(told);
        }
        catch (Exception failure)
        {
            // What is thrown here, a refusal too, would reach the server's own handling of the connection.
            _failures.Failed(observer, failure);
        }
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscription?.Dispose();

    private IHostEventObserver? Of(string name)
    {
        foreach (var observer in _observers)
        {
            if (string.Equals(observer.Event, name, StringComparison.Ordinal))
            {
                return observer;
            }
        }

        return null;
    }
}
