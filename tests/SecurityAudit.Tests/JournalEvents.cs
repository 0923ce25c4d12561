using System.Text.Json;
using SecurityAudit.Journal;
using SecurityAudit.Tests.Fields;

namespace SecurityAudit.Tests;

/// <summary>What a journal holds, as JSON; each line is held against the list of fields.</summary>
internal static class JournalEvents
{
    /// <summary>The events, without the journal's own lines.</summary>
    public static List<JsonElement> Read(string directory) =>
        [.. ReadAll(directory).Where(line => line.Text("event.action")?.StartsWith("journal.", StringComparison.Ordinal) == false)];

    /// <summary>
    /// Holds what no test looked at against the list of fields, too, and what the framework counted against what was recorded; a journal
    /// that never was has nothing.
    /// </summary>
    public static void Check(string directory, bool losesEvents = false)
    {
        var lines = Directory.Exists(directory) ? ReadAll(directory) : [];
        // One that a test records itself, as it does all of the catalogue, is of a request.
        var differences = lines.Where(line => line.Text("event.action") == "audit_reconciliation" && line.Text("http.request.method") is null);
        Assert.Equal(losesEvents, differences.Any());
    }

    public static List<JsonElement> ReadAll(string directory)
    {
        var events = new List<JsonElement>();
        foreach (var log in JournalDirectory.Logs(directory))
        {
            using var reader = new JournalReader(log.Directory);
            while (reader.TryRead(out var line))
            {
                events.Add(ListedFields.Checked(JsonDocument.Parse(line.Utf8.ToArray()).RootElement));
            }
        }

        return events;
    }

    /// <summary>How many lines each gap says are missing.</summary>
    public static IEnumerable<int> Gaps(string directory) =>
        ReadAll(directory).Where(line => line.Text("event.action") == "journal.gap").Select(line => line.GetProperty("security_audit.journal.dropped").GetInt32());

    public static string? Text(this JsonElement e, string field) =>
        !e.TryGetProperty(field, out var value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();

    public static string[] Texts(this JsonElement e, string field) =>
        e.TryGetProperty(field, out var value) ? [.. value.EnumerateArray().Select(element => element.GetString()!)] : [];

    public static string? Attribute(this JsonElement e, string name) =>
        e.TryGetProperty("security_audit.attributes", out var attributes) ? attributes.Text(name) : null;
}
