using System.Diagnostics.CodeAnalysis;

namespace SecurityAudit.Capture;

/// <summary>
/// A table that never holds more than its capacity: who sends requests chooses the keys. What was least recently looked up makes room.
/// Not safe for several threads.
/// </summary>
internal sealed class BoundedTable<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly Dictionary<TKey, LinkedListNode<KeyValuePair<TKey, TValue>>> _nodes = [];
    private readonly LinkedList<KeyValuePair<TKey, TValue>> _byUse = [];

    public int Count => _nodes.Count;

    /// <summary>The least recently used first.</summary>
    public IEnumerable<KeyValuePair<TKey, TValue>> All => _byUse;

    /// <summary>The value, which is now the most recently used one.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_nodes.TryGetValue(key, out var node))
        {
            value = null;
            return false;
        }

        if (!ReferenceEquals(_byUse.Last, node))
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
        }

        value = node.Value.Value;
        return true;
    }

    /// <summary>Puts a value there; what had to make room for it, or null.</summary>
    public TValue? Set(TKey key, TValue value)
    {
        Remove(key);
        TValue? evicted = null;
        if (_nodes.Count == capacity && _byUse.First is { } least)
        {
            evicted = least.Value.Value;
            Remove(least.Value.Key);
        }

        _nodes[key] = _byUse.AddLast(new KeyValuePair<TKey, TValue>(key, value));
        return evicted;
    }

    public void Remove(TKey key)
    {
        if (_nodes.Remove(key, out var node))
        {
            _byUse.Remove(node);
        }
    }
}
