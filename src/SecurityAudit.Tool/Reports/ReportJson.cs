using System.Text.Json;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Reports;

/// <summary>The verdict for programs: one JSON object on one line.</summary>
internal static class ReportJson
{
    public static void Write(Terminal terminal, VerificationReport report) => terminal.WriteJson(json =>
    {
        json.WriteString("verdict", Name(report.Verdict));
        json.WriteObjects("logs", report.Logs, log => WriteLog(json, log));
        json.WriteObjects("findings", report.Findings, finding =>
        {
            json.WriteString("kind", Name(finding.Kind));
            json.WriteString("segment", finding.Segment);
            json.WriteNumber("offset", finding.Offset);
            json.WriteNumber("sequence", finding.Sequence);
            json.WriteString("message", finding.Message);
        });
    });

    private static void WriteLog(Utf8JsonWriter json, LogReport log)
    {
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
        json.WriteObjects("unproven", log.Unproven, lines =>
        {
            json.WriteNumber("from", lines.From);
            json.WriteNumber("to", lines.To);
            json.WriteBoolean("adopted", lines.WereAdopted);
            if (lines is { Earliest: { } earliest, Latest: { } latest })
            {
                json.WriteString("earliest", earliest);
                json.WriteString("latest", latest);
            }
        });
    }

    private static string Name(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
