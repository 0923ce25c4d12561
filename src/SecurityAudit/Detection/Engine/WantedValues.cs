using System.Text;

namespace SecurityAudit.Detection.Engine;

/// <summary>The values that a field of a pattern may hold: whole, or by their beginning.</summary>
internal sealed class WantedValues(IEnumerable<string> values)
{
    private readonly (byte[] Value, bool IsPrefix)[] _values =
        [.. values.Select(value => value.EndsWith('*') ? (Encoding.UTF8.GetBytes(value[..^1]), true) : (Encoding.UTF8.GetBytes(value), false))];

    public bool Has(ReadOnlySpan<byte> value)
    {
        foreach (var (wanted, isPrefix) in _values)
        {
            if (isPrefix ? value.StartsWith(wanted) : value.SequenceEqual(wanted))
            {
                return true;
            }
        }

        return false;
    }
}
