using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Kibana.Pages;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Kibana;

/// <summary>The columns of a Lens layer, with the parameters that a Kibana writes when somebody exports one.</summary>
internal static class LensColumns
{
    /// <param name="division">What divides.</param>
    /// <param name="orderedBy">The column whose largest value comes first.</param>
    /// <param name="isOutermost">Each shard is asked for a thousand values; within another division that would be too many.</param>
    public static JsonObject Terms(Division division, string orderedBy, bool isOutermost) => new()
    {
        ["label"] = division.Heading,
        ["customLabel"] = true,
        ["dataType"] = DataType(division.Type),
        ["operationType"] = "terms",
        ["scale"] = "ordinal",
        ["sourceField"] = division.Field,
        ["isBucketed"] = true,
        ["params"] = new JsonObject
        {
            ["size"] = division.Size,
            ["orderBy"] = new JsonObject { ["type"] = "column", ["columnId"] = orderedBy },
            ["orderDirection"] = "desc",
            ["otherBucket"] = true, // without it Kibana leaves out the events that lack the field, whatever missingBucket says
            ["missingBucket"] = division.ShowsMissing,
            ["parentFormat"] = new JsonObject { ["id"] = "terms" },
            ["include"] = new JsonArray(),
            ["exclude"] = new JsonArray(),
            ["includeIsRegex"] = false,
            ["excludeIsRegex"] = false,
            ["accuracyMode"] = isOutermost,
        },
    };

    public static JsonObject Histogram() => new()
    {
        ["label"] = "Time",
        ["customLabel"] = true,
        ["dataType"] = "date",
        ["operationType"] = "date_histogram",
        ["scale"] = "interval",
        ["sourceField"] = JournalFields.Timestamp.Name,
        ["isBucketed"] = true,
        ["params"] = new JsonObject { ["interval"] = "auto", ["includeEmptyRows"] = true, ["dropPartials"] = false },
    };

    public static JsonObject Of(Measure measure) => measure.Kind switch
    {
        MeasureKind.Count => Column(measure, "count", "___records___", "number", new JsonObject { ["emptyAsNull"] = false }),
        MeasureKind.Distinct => Column(measure, "unique_count", measure.Field!, "number", new JsonObject { ["emptyAsNull"] = false }),
        MeasureKind.LastValue => LastValue(measure),
        _ => Column(
            measure, measure.Kind == MeasureKind.Max ? "max" : "min", measure.Field!, measure.IsTime ? "date" : "number", new JsonObject { ["emptyAsNull"] = true }),
    };

    private static JsonObject LastValue(Measure measure)
    {
        var type = AuditFields.Find(measure.Field!)?.Type;
        var parameters = new JsonObject
        {
            ["sortField"] = JournalFields.Timestamp.Name,
            ["showArrayValues"] = type == FieldType.Text, // then the event itself is asked, since the engine keeps no column of such text
        };
        var column = Column(measure, "last_value", measure.Field!, DataType(type), parameters);
        column["scale"] = DataType(type) == "string" ? "ordinal" : "ratio";
        column["filter"] = SavedObjects.Query($"{measure.Field}: *");
        return column;
    }

    private static JsonObject Column(Measure measure, string operation, string field, string dataType, JsonObject parameters) => new()
    {
        ["label"] = measure.Heading,
        ["customLabel"] = true,
        ["dataType"] = dataType,
        ["operationType"] = operation,
        ["scale"] = "ratio",
        ["sourceField"] = field,
        ["isBucketed"] = false,
        ["params"] = parameters,
    };

    private static string DataType(FieldType? type) => type switch
    {
        FieldType.Ip => "ip",
        FieldType.Long or FieldType.Float => "number",
        FieldType.Boolean => "boolean",
        FieldType.Date => "date",
        _ => "string",
    };
}
