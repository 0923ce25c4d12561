using System.Text.Json;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Inventory;

/// <summary>The inventory for programs: one JSON object on one line.</summary>
internal static class InventoryJson
{
    public static void Write(Terminal terminal, JournalInventory inventory) => terminal.WriteJson(json =>
    {
        json.WriteString("directory", inventory.Directory);
        json.WriteString("access", inventory.Access);
        json.WriteTexts("keys", inventory.Keys);
        json.WriteObjects("logs", inventory.Logs, log =>
        {
            json.WriteString("id", log.Id);
            json.WriteString("directory", log.Directory);
            json.WriteNumber("bytes", log.Bytes);
            json.WriteString("shipping", log.Shipping);
        });
        json.WriteObjects("services", inventory.Services, service => Write(json, service));
        json.WriteNumber("events_left_out", inventory.ServicesLeftOut);
    });

    private static void Write(Utf8JsonWriter json, ServiceInventory service)
    {
        json.WriteString("service", service.Service);
        json.WriteString("version", service.Version);
        json.WriteString("environment", service.Environment);
        json.WriteString("host", service.Host);
        json.WriteString("ecs_version", service.EcsVersion);
        json.WriteNumber("events", service.Events);
        Time(json, "first", service.First);
        Time(json, "last", service.Last);
        json.WriteStartObject("actions");
        foreach (var (action, count) in service.Actions)
        {
            json.WriteNumber(action, count);
        }

        json.WriteEndObject();
        if (service.Coverage is { } coverage)
        {
            json.WriteStartObject("coverage");
            Time(json, "at", coverage.At);
            json.WriteTexts("captured", coverage.Captured);
            json.WriteTexts("covered", coverage.Covered);
            json.WriteTexts("partial", coverage.Partial);
            json.WriteTexts("missing", [.. coverage.Missing, .. coverage.Uncovered]);
            json.WriteTexts("not_applicable", coverage.NotApplicable);
            json.WriteTexts("remedies", coverage.Remedies);
            json.WriteTexts("accepted", coverage.Accepted);
            json.WriteTexts("accepted_unmatched", coverage.UnmatchedAccepted);
            json.WriteString("retention", coverage.Retention);
            json.WriteTexts("sinks", coverage.Sinks);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("coverage");
        }
    }

    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
