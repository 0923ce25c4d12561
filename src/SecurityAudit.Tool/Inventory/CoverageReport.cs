using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Inventory;

/// <summary>What an application said of itself at a start: what it records, in part or not, and what closes the gaps.</summary>
internal sealed record CoverageReport(
    DateTimeOffset? At,
    IReadOnlyList<string> Captured,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> NotApplicable,
    IReadOnlyList<string> Covered,
    IReadOnlyList<string> Partial,
    IReadOnlyList<string> Uncovered,
    IReadOnlyList<string> Remedies,
    IReadOnlyList<string> Accepted,
    IReadOnlyList<string> UnmatchedAccepted,
    string? Retention,
    IReadOnlyList<string> Sinks)
{
    public const string Action = "audit_coverage";

    private const string Prefix = "security_audit.coverage.";

    /// <summary>Null where the line is not JSON: only a writer other than ours makes such a one.</summary>
    public static CoverageReport? Of(JournalEvent e)
    {
        try
        {
            using var json = JsonDocument.Parse(e.Utf8);
            var line = json.RootElement;
            return new CoverageReport(
                e.Timestamp, Texts(line, "captured"), Texts(line, "missing"), Texts(line, "not_applicable"),
                Texts(line, "parts.covered"), Texts(line, "parts.partial"), Texts(line, "parts.missing"), Texts(line, "remedies"),
                Texts(line, "accepted"), Texts(line, "accepted_unmatched"), Text(line, "retention"), Texts(line, "sinks"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string> Texts(JsonElement line, string name)
    {
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty(Prefix + name, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        List<string> texts = [];
        foreach (var text in list.EnumerateArray())
        {
            if (Text(text) is { } value)
            {
                texts.Add(value);
            }
        }

        return texts;
    }

    /// <summary>Null where it is not there: a version before there was such a field.</summary>
    private static string? Text(JsonElement line, string name) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty(Prefix + name, out var text) ? Text(text) : null;

    private static string? Text(JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText(); // half of a surrogate pair, which no text has
        }
    }
}
