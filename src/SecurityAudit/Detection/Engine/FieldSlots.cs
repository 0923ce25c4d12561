using System.Text;

namespace SecurityAudit.Detection.Engine;

/// <summary>The fields that any rule looks at, each with a number: what else stands in a line is passed over.</summary>
internal sealed class FieldSlots
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>By the name's length, names and numbers.</summary>
    private (byte[] Name, int Slot)[][] _byLength = [];

    public int Count => _numbers.Count;

    /// <summary>The field's number; a new one for a new field. All fields are asked for before the first line is read.</summary>
    public int Of(string field)
    {
        if (!_numbers.TryGetValue(field, out var slot))
        {
            slot = _numbers.Count;
            _numbers.Add(field, slot);
            var name = Encoding.UTF8.GetBytes(field);
            if (_byLength.Length <= name.Length)
            {
                var before = _byLength.Length;
                Array.Resize(ref _byLength, name.Length + 1);
                Array.Fill(_byLength, [], before, _byLength.Length - before);
            }

            _byLength[name.Length] = [.. _byLength[name.Length], (name, slot)];
        }

        return slot;
    }

    /// <summary>The number of the field of this name; -1 where no rule asks for it.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < _byLength.Length)
        {
            foreach (var (known, slot) in _byLength[name.Length])
            {
                if (name.SequenceEqual(known))
                {
                    return slot;
                }
            }
        }

        return -1;
    }
}
