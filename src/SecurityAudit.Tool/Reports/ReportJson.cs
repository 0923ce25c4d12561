using System.Text;
using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Reports;

/// <summary>The verdict for programs: one JSON object on one line.</summary>
internal static class ReportJson
{
    public static void Write(TextWriter output, VerificationReport report)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("verdict", Name(report.Verdict));
            json.WriteStartArray("logs");
            foreach (var log in report.Logs)
            {
                WriteLog(json, log);
            }

            json.WriteEndArray();
            json.WriteStartArray("findings");
            foreach (var finding in report.Findings)
            {
                WriteFinding(json, finding);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteLog(Utf8JsonWriter json, LogReport log)
    {
        json.WriteStartObject();
        json.WriteString("id", log.Id);
        json.WriteString("directory", log.Directory);
        json.WriteString("verdict", Name(log.Verdict));
        json.WriteNumber("segments", log.Segments.Count);
        json.WriteNumber("first", log.First);
        json.WriteNumber("size", log.Size);
        json.WriteNumber("proven", log.ProvenSize);
        json.WriteString("root", Convert.ToBase64String(log.Root.Span));
        json.WriteString("checkpoint", log.LastCheckpoint?.Note);
        json.WriteString("key", log.Key?.ToString());
        json.WriteBoolean("key_pinned", log.IsKeyPinned);
        json.WriteNumber("dropped", log.Dropped);
        json.WriteNumber("unfinished_bytes", log.UnfinishedBytes);
        json.WriteStartArray("unproven");
        foreach (var lines in log.Unproven)
        {
            WriteUnproven(json, lines);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteUnproven(Utf8JsonWriter json, UnprovenLines lines)
    {
        json.WriteStartObject();
        json.WriteNumber("from", lines.From);
        json.WriteNumber("to", lines.To);
        json.WriteBoolean("adopted", lines.WereAdopted);
        if (lines is { Earliest: { } earliest, Latest: { } latest })
        {
            json.WriteString("earliest", earliest);
            json.WriteString("latest", latest);
        }

        json.WriteEndObject();
    }

    private static string Name(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static void WriteFinding(Utf8JsonWriter json, VerificationFinding finding)
    {
        json.WriteStartObject();
        json.WriteString("kind", Name(finding.Kind));
        json.WriteString("segment", finding.Segment);
        json.WriteNumber("offset", finding.Offset);
        json.WriteNumber("sequence", finding.Sequence);
        json.WriteString("message", finding.Message);
        json.WriteEndObject();
    }
}
