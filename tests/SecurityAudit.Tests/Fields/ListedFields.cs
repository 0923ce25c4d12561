using System.Globalization;
using System.Net;
using System.Text.Json;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Redaction;

namespace SecurityAudit.Tests.Fields;

/// <summary>
/// Holds each line that a test reads against the list of fields: a field that is written and not listed cannot be searched for.
/// </summary>
internal static class ListedFields
{
    private static readonly HashSet<string> Sets = [.. AuditFields.All.Select(field => field.Name.Split('.')[0])];

    public static JsonElement Checked(JsonElement line)
    {
        foreach (var member in line.EnumerateObject())
        {
            Check(member.Name, member.Value);
        }

        return line;
    }

    private static void Check(string name, JsonElement value)
    {
        if (AuditFields.Find(name) is { } field)
        {
            Assert.True(Fits(field, value), $"The field {name} is a {(field.IsList ? "list of " : "")}{field.Type} in the list, and was written as {value.GetRawText()}.");
        }
        else
        {
            Assert.False(Sets.Contains(name.Split('.')[0]), $"The field {name} is written and not in the list of fields (src/SecurityAudit/Fields).");
        }
    }

    private static bool Fits(Field field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => field.IsList && value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String && FitsText(field, element.GetString()!)),
        JsonValueKind.String => value.GetString() == AuditFields.Mask || (!field.IsList && FitsText(field, value.GetString()!)),
        JsonValueKind.Number => field.Type == FieldType.Float || (field.Type == FieldType.Long && value.TryGetInt64(out _)) || field is Field<object>,
        JsonValueKind.True or JsonValueKind.False => field.Type == FieldType.Boolean,
        JsonValueKind.Object => field.Type == FieldType.Flattened && value.EnumerateObject().All(member => member.Value.ValueKind is JsonValueKind.String),
        _ => false,
    };

    private static bool FitsText(Field field, string text) => field.Type switch
    {
        FieldType.Keyword or FieldType.Text or FieldType.Wildcard or FieldType.GeoPoint => true,
        FieldType.Ip => IPAddress.TryParse(text, out _),
        FieldType.Date => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        _ => false,
    };
}
