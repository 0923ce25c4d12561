using System.Text;
using System.Text.Json;
using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Inventory;

/// <summary>The inventory for programs: one JSON object on one line.</summary>
internal static class InventoryJson
{
    public static void Write(TextWriter output, JournalInventory inventory)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("directory", inventory.Directory);
            json.WriteString("access", inventory.Access);
            Texts(json, "keys", inventory.Keys);
            json.WriteStartArray("logs");
            foreach (var log in inventory.Logs)
            {
                json.WriteStartObject();
                json.WriteString("id", log.Id);
                json.WriteString("directory", log.Directory);
                json.WriteNumber("bytes", log.Bytes);
                json.WriteString("shipping", log.Shipping);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("services");
            foreach (var service in inventory.Services)
            {
                Write(json, service);
            }

            json.WriteEndArray();
            json.WriteNumber("events_left_out", inventory.ServicesLeftOut);
            json.WriteEndObject();
        }

        output.WriteLine(VisibleText.Of(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length)));
    }

    private static void Write(Utf8JsonWriter json, ServiceInventory service)
    {
        json.WriteStartObject();
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
            Texts(json, "captured", coverage.Captured);
            Texts(json, "covered", coverage.Covered);
            Texts(json, "partial", coverage.Partial);
            Texts(json, "missing", [.. coverage.Missing, .. coverage.Uncovered]);
            Texts(json, "not_applicable", coverage.NotApplicable);
            Texts(json, "remedies", coverage.Remedies);
            Texts(json, "accepted", coverage.Accepted);
            Texts(json, "accepted_unmatched", coverage.UnmatchedAccepted);
            json.WriteString("retention", coverage.Retention);
            Texts(json, "sinks", coverage.Sinks);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("coverage");
        }

        json.WriteEndObject();
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

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
