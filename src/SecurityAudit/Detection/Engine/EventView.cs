using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Detection.Engine;

/// <summary>
/// One line as rules see it: the fields that any of them asks for, where they stand. Nothing is copied or built, so it is valid as long as
/// the line is. Used again for each line, by one thread.
/// </summary>
internal sealed class EventView
{
    private readonly FieldSlots _slots;
    private readonly long _seed;
    private readonly Place[] _places;
    private readonly ulong?[] _hashes;
    private readonly int _action;
    private readonly int _source;
    private readonly int _id;
    private readonly int _timestamp;
    private readonly int _repeated;
    private ReadOnlyMemory<byte> _line;
    private Guid? _knownId;

    /// <param name="slots">All the fields that rules ask for; those that every rule needs are asked for here.</param>
    /// <param name="seed">Of the hashes: random, so that nobody can choose values that meet.</param>
    public EventView(FieldSlots slots, long seed)
    {
        (_slots, _seed) = (slots, seed);
        _action = slots.Of(JournalFields.Action.Name);
        _source = slots.Of(EventFields.SourceIp.Name);
        _id = slots.Of(EventFields.Id.Name);
        _timestamp = slots.Of(JournalFields.Timestamp.Name);
        _repeated = slots.Of(EventFields.Repeated.Name);
        _places = new Place[slots.Count];
        _hashes = new ulong?[slots.Count];
    }

    private enum Kind : byte
    {
        None,
        Text,
        Other,
        List,
    }

    public ReadOnlySpan<byte> Action => Value(_action);

    /// <summary>When, as the event says; null where it does not.</summary>
    public DateTimeOffset? Timestamp { get; private set; }

    /// <summary>The same in ticks of UTC; 0 where it does not say.</summary>
    public long Stamp => Timestamp?.UtcTicks ?? 0;

    /// <summary>The event's id; none: <see cref="Guid.Empty"/>.</summary>
    public Guid Id => _knownId ??= Utf8Parser.TryParse(Value(_id), out Guid id, out _) ? id : Guid.Empty;

    /// <summary>How many events this one stands for: itself and those that were left out beside it.</summary>
    public int Weight => Utf8Parser.TryParse(Value(_repeated), out int more, out _) && more is > 0 and < 1_000_000 ? 1 + more : 1;

    /// <summary>Takes the next line; false where it is not a JSON object.</summary>
    public bool Read(ReadOnlyMemory<byte> line)
    {
        Array.Clear(_places);
        Array.Clear(_hashes);
        (_line, _knownId, Timestamp) = (line, null, null);
        try
        {
            var json = new Utf8JsonReader(line.Span);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var slot = _slots.Find(json.ValueSpan);
                json.Read();
                if (slot >= 0 && _places[slot].Kind == Kind.None)
                {
                    _places[slot] = PlaceOf(ref json);
                }

                json.Skip();
            }

            Timestamp = Utf8Parser.TryParse(Value(_timestamp), out DateTimeOffset at, out _, 'O') ? at : LineFields.Timestamp(line.Span);
            return true;
        }
        catch (JsonException)
        {
            return false; // the verifier says what is wrong with the line
        }
    }

    /// <summary>The same event under the name of the alert that it raised, until the next line is read.</summary>
    public void ActAs(byte[] action) => _places[_action] = new Place(0, 0, Kind.Text, action);

    public bool Has(int slot) => _places[slot].Kind != Kind.None;

    /// <summary>The value's bytes: of a text its characters, of anything else its JSON.</summary>
    public ReadOnlySpan<byte> Value(int slot) => _places[slot] is { Decoded: { } decoded } ? decoded : _line.Span.Slice(_places[slot].Start, _places[slot].Length);

    /// <summary>The value as text; null where there is none.</summary>
    public string? Text(int slot) => Has(slot) ? Encoding.UTF8.GetString(Value(slot)) : null;

    /// <summary>Is the value one of these, or one of the values of a list?</summary>
    public bool Holds(int slot, WantedValues wanted)
    {
        if (_places[slot].Kind != Kind.List)
        {
            return Has(slot) && wanted.Has(Value(slot));
        }

        var json = new Utf8JsonReader(Value(slot));
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.String && wanted.Has(json.ValueIsEscaped ? Decoded(ref json) : json.ValueSpan))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// A hash of the value by which groups are told apart; of an address that of its network. False where there is no value, but for an
    /// address: all that comes without one is of one place.
    /// </summary>
    public bool TryHash(int slot, out ulong hash)
    {
        var isThere = slot == _source || Has(slot);
        hash = isThere ? _hashes[slot] ??= slot == _source ? SourceHash() : XxHash3.HashToUInt64(Value(slot), _seed) : 0;
        return isThere;
    }

    private ulong SourceHash()
    {
        var address = Value(_source);
        if (!address.Contains((byte)':'))
        {
            return XxHash3.HashToUInt64(address, _seed);
        }

        Span<byte> network = stackalloc byte[16];
        return XxHash3.HashToUInt64(Networks.TryWrite(address, network, out var written) ? network[..written] : address, _seed);
    }

    private static Place PlaceOf(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return default;
            case JsonTokenType.String:
                return json.ValueIsEscaped
                    ? new Place(0, 0, Kind.Text, Decoded(ref json))
                    : new Place((int)json.TokenStartIndex + 1, json.ValueSpan.Length, Kind.Text, null);
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                var (start, isList) = ((int)json.TokenStartIndex, json.TokenType == JsonTokenType.StartArray);
                json.Skip();
                return new Place(start, (int)json.BytesConsumed - start, isList ? Kind.List : Kind.Other, null);
            default:
                return new Place((int)json.TokenStartIndex, json.ValueSpan.Length, Kind.Other, null);
        }
    }

    private static byte[] Decoded(ref Utf8JsonReader json)
    {
        try
        {
            return Encoding.UTF8.GetBytes(json.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return json.ValueSpan.ToArray(); // half a surrogate pair: as it stands
        }
    }

    private readonly record struct Place(int Start, int Length, Kind Kind, byte[]? Decoded);
}
