using System.Buffers;
using System.Text.Json;
using Serilog.Events;

namespace SecurityAudit.Recording;

/// <summary>Writes an event as the journal's payload: one flat JSON object whose keys are the Serilog property names, which are the ECS fields.</summary>
internal static class EcsJson
{
    /// <summary>A journal entry is at most 65,535 bytes; what the journal adds (id, sequence, braces) fits into the difference.</summary>
    public const int MaxBytes = 65_000;

    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default, SkipValidation = true };

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    public static void Write(ArrayBufferWriter<byte> output, LogEvent logEvent)
    {
        Write(output, logEvent, whole: true);
        if (output.WrittenCount > MaxBytes)
        {
            output.ResetWrittenCount();
            Write(output, logEvent, whole: false);
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, LogEvent logEvent, bool whole)
    {
        var json = s_writer ??= new Utf8JsonWriter(output, Options);
        json.Reset(output);
        json.WriteStartObject();
        json.WriteString("@timestamp", logEvent.Timestamp.UtcDateTime);
        foreach (var (name, value) in logEvent.Properties)
        {
            // The free-form part and long lists are what can make an event too large: without them it still says who did what.
            if (whole || value is ScalarValue)
            {
                json.WritePropertyName(name);
                WriteValue(json, value);
            }
        }

        if (!whole)
        {
            json.WriteString("security_audit.redaction", "cut");
        }

        json.WriteEndObject();
        json.Flush();
        json.Reset(Stream.Null);
    }

    private static void WriteValue(Utf8JsonWriter json, LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue scalar:
                WriteScalar(json, scalar.Value);
                break;
            case SequenceValue sequence:
                json.WriteStartArray();
                foreach (var element in sequence.Elements)
                {
                    WriteValue(json, element);
                }

                json.WriteEndArray();
                break;
            case StructureValue structure:
                json.WriteStartObject();
                foreach (var property in structure.Properties)
                {
                    json.WritePropertyName(property.Name);
                    WriteValue(json, property.Value);
                }

                json.WriteEndObject();
                break;
            default:
                throw new NotSupportedException($"A {value.GetType().Name} is not a value that an audit event holds.");
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            default: throw new NotSupportedException($"A {value.GetType().Name} is not a value that an audit event holds.");
        }
    }
}
