using System.Buffers;
using System.Text.Json;
using SecurityAudit.Fields;
using Serilog.Events;

namespace SecurityAudit.Recording;

/// <summary>Writes an event as the journal's payload: one flat JSON object whose keys are the Serilog property names, which are the ECS fields.</summary>
/// <remarks>
/// It always fits into a line: where the whole event would not, the longest values are cut first, to the largest size that fits, and
/// <see cref="EventFields.Truncated"/> names them. Letters of every script stand as themselves; what could deceive was made visible by redaction before.
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

    public static void Write(ArrayBufferWriter<byte> output, LogEvent logEvent)
    {
        Write(output, logEvent, new FittedText(int.MaxValue), hasAttributes: true);
        for (var level = 0; output.WrittenCount > MaxBytes && level < Levels.Length; level++)
        {
            output.ResetWrittenCount();
            Write(output, logEvent, new FittedText(Levels[level]), hasAttributes: true);
        }

        if (output.WrittenCount > MaxBytes)
        {
            output.ResetWrittenCount();
            Write(output, logEvent, new FittedText(Levels[^1]), hasAttributes: false);
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, LogEvent logEvent, FittedText fitted, bool hasAttributes)
    {
        var json = s_writer ??= new Utf8JsonWriter(output, Options);
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString(EventFields.Timestamp.Name, logEvent.Timestamp.UtcDateTime);
        if (logEvent.Properties.TryGetValue(EventFields.Truncated.Name, out var before) && before is SequenceValue names)
        {
            foreach (var name in names.Elements.OfType<ScalarValue>())
            {
                fitted.Note((string)name.Value!);
            }
        }

        foreach (var (name, value) in logEvent.Properties)
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
        json.Reset(Stream.Null);
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
                var texts = sequence.Elements.OfType<ScalarValue>().Select(element => (string)element.Value!).ToArray();
                foreach (var text in texts.AsSpan(0, fitted.Fit(name, texts)))
                {
                    json.WriteStringValue(fitted.Fit(name, text));
                }

                json.WriteEndArray();
                break;
            case StructureValue structure:
                json.WriteStartObject();
                foreach (var property in structure.Properties)
                {
                    json.WritePropertyName(property.Name);
                    WriteValue(json, $"{name}.{property.Name}", property.Value, fitted);
                }

                json.WriteEndObject();
                break;
            default:
                throw new NotSupportedException($"A {value.GetType().Name} is not a value that an audit event holds.");
        }
    }

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
