using System.Buffers;
using System.Text.Json;
using SecurityAudit.Fields;
using Serilog.Events;

namespace SecurityAudit.Recording;

/// <summary>
/// Writes an event as the journal's payload: one flat JSON object whose keys are the Serilog property names, which are the ECS fields.
/// </summary>
/// <remarks>
/// It always fits into a line: where the whole event would not, the longest values are cut first, to the largest size that fits, and
/// <see cref="EventFields.Truncated"/> names them. Letters of every script stand as themselves; what could deceive was made visible by
/// redaction before.
/// </remarks>
internal static class EcsJson
{
    /// <summary>A journal entry is at most 65,535 bytes; what the journal adds (id, sequence, braces) fits into the difference.</summary>
    public const int MaxBytes = 65_000;

    private static readonly JsonWriterOptions Options = new() { Encoder = LegibleEncoder.Instance, SkipValidation = true };

    // The redactor bounds names and numbers of fields, attributes and values so that the last of these always fits without the attributes.
    private static readonly int[] Levels = [8192, 4096, 2048, 1024, 512, 256, 128, 64];

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    public static void Write(ArrayBufferWriter<byte> output, LogEvent logEvent, SerilogProperties properties)
    {
        Write(output, logEvent.Timestamp, properties, new FittedText(int.MaxValue), hasAttributes: true);
        for (var level = 0; output.WrittenCount > MaxBytes && level < Levels.Length; level++)
        {
            output.ResetWrittenCount();
            Write(output, logEvent.Timestamp, properties, new FittedText(Levels[level]), hasAttributes: true);
        }

        if (output.WrittenCount > MaxBytes)
        {
            output.ResetWrittenCount();
            Write(output, logEvent.Timestamp, properties, new FittedText(Levels[^1]), hasAttributes: false);
        }
    }

    private static void Write(
        ArrayBufferWriter<byte> output, DateTimeOffset timestamp, SerilogProperties properties, FittedText fitted, bool hasAttributes)
    {
        var json = s_writer ??= new Utf8JsonWriter(output, Options);
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString(EventFields.Timestamp.Name, timestamp.UtcDateTime);
        if (properties.TryGetValue(EventFields.Truncated.Name, out var before) && before is SequenceValue names)
        {
            foreach (var name in names.Elements)
            {
                fitted.Note(TextOf(name));
            }
        }

        foreach (var (name, value) in properties)
        {
            if (name == EventFields.Attributes.Name && !hasAttributes)
            {
                fitted.Note(EventFields.Attributes.Name);
            }
            else if (name != EventFields.Truncated.Name)
            {
                json.WritePropertyName(name);
                WriteValue(json, name, value, fitted);
            }
        }

        if (fitted.Cut.Count > 0)
        {
            json.WriteStartArray(EventFields.Truncated.Name);
            foreach (var name in fitted.Cut)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, LogEventPropertyValue value, FittedText fitted)
    {
        switch (value)
        {
            case ScalarValue scalar:
                WriteScalar(json, name, scalar.Value, fitted);
                break;
            case SequenceValue sequence:
                json.WriteStartArray();
                var count = fitted.Fit(name, sequence.Elements);
                for (var at = 0; at < count; at++)
                {
                    json.WriteStringValue(fitted.Fit(name, TextOf(sequence.Elements[at])));
                }

                json.WriteEndArray();
                break;
            case StructureValue structure:
                json.WriteStartObject();
                foreach (var property in structure.Properties)
                {
                    json.WriteString(property.Name, fitted.Fit(name, property.Name, TextOf(property.Value)));
                }

                json.WriteEndObject();
                break;
            default:
                throw new NotSupportedException($"A {value.GetType().Name} is not a value that an audit event holds.");
        }
    }

    /// <summary>An element of a list: all of them are texts.</summary>
    public static string TextOf(LogEventPropertyValue element) => (string)((ScalarValue)element).Value!;

    private static void WriteScalar(Utf8JsonWriter json, string name, object? value, FittedText fitted)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(fitted.Fit(name, text)); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            default: throw new NotSupportedException($"A {value.GetType().Name} is not a value that an audit event holds.");
        }
    }
}
