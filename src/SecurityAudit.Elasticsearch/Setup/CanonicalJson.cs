using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>A hash of a template that is the same for what was sent and for what the engine makes of it.</summary>
internal static class CanonicalJson
{
    /// <summary>Defaults that an engine adds to what it was given.</summary>
    private static readonly string[] Added = [
        "data_stream.hidden=false", "data_stream.allow_custom_routing=false", "data_stream.timestamp_field.name=@timestamp", "template.lifecycle.enabled=true"];

    public static string Hash(JsonObject template)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in template)
        {
            if (name is not ("_meta" or "version"))
            {
                Flatten(name, value, lines);
            }
        }

        lines.ExceptWith(Added);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16];
    }

    private static void Flatten(string path, JsonNode? node, SortedSet<string> lines)
    {
        switch (node)
        {
            case JsonObject inner:
                foreach (var (name, value) in inner)
                {
                    Flatten($"{path}.{name}", value, lines);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    Flatten($"{path}[{i}]", list[i], lines);
                }

                break;
            default:
                var text = node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString();
                lines.Add($"{path.Replace("settings.index.", "settings.", StringComparison.Ordinal)}={text}");
                break;
        }
    }
}
