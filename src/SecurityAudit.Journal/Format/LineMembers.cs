using System.Text;
using System.Text.Json;

namespace SecurityAudit.Journal;

/// <summary>
/// The members of a line's object, one after another, without building anything. Whatever the bytes are, nothing is thrown: reading ends,
/// or a value is given as it stands, and <see cref="Fault"/> says why.
/// </summary>
internal ref struct LineMembers
{
    private readonly ReadOnlySpan<byte> _line;
    private Utf8JsonReader _json;
    private bool _isDone;

    public LineMembers(ReadOnlySpan<byte> line)
    {
        _line = line;
        _json = new Utf8JsonReader(line);
    }

    /// <summary>What could not be read so far, first of all; null: nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>Goes to the next member; false at the end, or where the line is not a JSON object any more.</summary>
    public bool MoveNext()
    {
        if (_isDone)
        {
            return false;
        }

        try
        {
            if (_json.TokenType == JsonTokenType.None)
            {
                _isDone = !_json.Read() || _json.TokenType != JsonTokenType.StartObject;
            }
            else
            {
                _json.Skip();
            }

            if (_isDone)
            {
                Fault ??= "The line is not a JSON object.";
                return false;
            }

            _json.Read();
            _isDone = _json.TokenType == JsonTokenType.EndObject;
            if (_isDone)
            {
                _json.Read(); // throws where something follows
            }

            return !_isDone;
        }
        catch (JsonException e)
        {
            Fail(e);
            return false;
        }
    }

    /// <summary>Has the member this name? To be asked before the value is.</summary>
    public readonly bool IsNamed(ReadOnlySpan<byte> name)
    {
        try
        {
            return _json.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false; // half a surrogate pair: no name of ours
        }
    }

    /// <summary>The member's name.</summary>
    public string Name() => Decoded();

    /// <summary>
    /// The member's value as text: a string's characters, an array's values with commas between, anything else as it stands; empty for
    /// null.
    /// </summary>
    public string Text()
    {
        try
        {
            _json.Read();
            return TextHere();
        }
        catch (JsonException e)
        {
            Fail(e);
            return "";
        }
    }

    /// <summary>The member's value when it is a string.</summary>
    public string? String()
    {
        try
        {
            _json.Read();
            return _json.TokenType == JsonTokenType.String ? _json.GetString() : null;
        }
        catch (JsonException e)
        {
            Fail(e);
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    /// <summary>The member's value when it is a moment as ISO 8601 has it; one that names no offset is UTC, wherever it is read.</summary>
    public DateTimeOffset? Moment()
    {
        try
        {
            _json.Read();
            return _json.TokenType != JsonTokenType.String || !_json.TryGetDateTimeOffset(out var moment) ? null
                : _json.TryGetDateTime(out var clock) && clock.Kind == DateTimeKind.Unspecified ? new DateTimeOffset(clock, TimeSpan.Zero)
                : moment;
        }
        catch (JsonException e)
        {
            Fail(e);
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    private void Fail(JsonException e)
    {
        _isDone = true;
        Fault ??= $"The line is not JSON from byte {e.BytePositionInLine ?? 0} on; what stands before that was read.";
    }

    private string TextHere()
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.Null:
                return "";
            case JsonTokenType.String:
                return Decoded();
            case JsonTokenType.StartArray:
                var values = new List<string>();
                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                {
                    values.Add(TextHere());
                }

                return string.Join(", ", values);
            case JsonTokenType.StartObject:
                var start = (int)_json.TokenStartIndex;
                _json.Skip();
                return Encoding.UTF8.GetString(_line[start..(int)_json.BytesConsumed]);
            default:
                return Encoding.UTF8.GetString(_json.ValueSpan);
        }
    }

    private string Decoded()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Fault ??= $"The text at byte {_json.TokenStartIndex} is not Unicode; it is given as it stands.";
            return Encoding.UTF8.GetString(_json.ValueSpan);
        }
    }
}
