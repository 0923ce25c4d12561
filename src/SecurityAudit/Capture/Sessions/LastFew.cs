namespace SecurityAudit.Capture.Sessions;

/// <summary>The last four different values; a fifth takes the place of the oldest.</summary>
internal sealed class LastFew<T>(T first)
    where T : struct, IEquatable<T>
{
    private readonly T[] _values = [first, first, first, first];
    private int _next = 1;

    /// <summary>True, and remembered, where it is none of them.</summary>
    public bool IsNew(T value)
    {
        foreach (var known in _values)
        {
            if (known.Equals(value))
            {
                return false;
            }
        }

        _values[_next++ % _values.Length] = value;
        return true;
    }
}
