using System.Collections.Concurrent;

namespace SecurityAudit.Capture.Circuits;

/// <summary>The circuits that are open, by their public ids. Safe for any thread.</summary>
internal sealed class OpenCircuits
{
    private readonly ConcurrentDictionary<string, CircuitState> _open = new(StringComparer.Ordinal);

    public CircuitState? this[string? id] => id is not null && _open.TryGetValue(id, out var state) ? state : null;

    public void Add(string id, CircuitState state) => _open[id] = state;

    public void Remove(string id) => _open.TryRemove(id, out _);
}
