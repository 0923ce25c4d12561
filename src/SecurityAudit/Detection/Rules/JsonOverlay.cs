using System.Text.Json.Nodes;

namespace SecurityAudit.Detection.Rules;

/// <summary>Lays JSON that changes something over JSON that is there: members by name, lists of objects by place, anything else whole.</summary>
internal static class JsonOverlay
{
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
