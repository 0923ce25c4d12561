using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace SecurityAudit.Detection;

/// <summary>Lays what configuration says over JSON that is there: members by name, lists of objects by place, anything else whole.</summary>
internal static class JsonOverlay
{
    /// <summary>A section as JSON: numbered children are a list, others an object; what has none is a text.</summary>
    public static JsonNode Of(IConfigurationSection section)
    {
        var children = section.GetChildren().ToList();
        return children.Count == 0 ? JsonValue.Create(section.Value ?? "")
            : children.TrueForAll(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? new JsonArray([.. children.Select(Of)])
            : new JsonObject(children.Select(child => KeyValuePair.Create(child.Key, (JsonNode?)Of(child))));
    }

    /// <summary>What is there, changed in place; what lies over it, where that is of another kind.</summary>
    public static JsonNode Over(JsonNode there, JsonNode over)
    {
        if (there is JsonObject members && over is JsonObject changes)
        {
            foreach (var (name, change) in changes)
            {
                var known = members.Select(member => member.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
                members[known] = Laid(members[known], change!);
            }

            return members;
        }

        if (there is JsonArray elements && over is JsonArray others && others.Concat(elements).All(element => element is JsonObject))
        {
            for (var index = 0; index < others.Count; index++)
            {
                if (index < elements.Count)
                {
                    elements[index] = Laid(elements[index], others[index]!);
                }
                else
                {
                    elements.Add(others[index]!.DeepClone());
                }
            }

            return elements;
        }

        return over.DeepClone();
    }

    private static JsonNode Laid(JsonNode? there, JsonNode over) => there is null ? over.DeepClone() : Over(there.DeepClone(), over);
}
