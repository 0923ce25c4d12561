using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Fields;
using SecurityAudit.Journal;

namespace SecurityAudit.Elasticsearch.Reconciliation;

/// <summary>Is what an engine gives back as a document the journal's line?</summary>
/// <remarks>
/// With a stored source it is, but for fields that an ingest pipeline adds and for how a name is written: <c>"a.b"</c> or <c>"a":{"b"}</c>.
/// A synthetic source (index mode <c>logsdb</c>) is made anew from the index: there times have milliseconds, a list of one is its element,
/// and texts stand for numbers. That much is forgiven where none of our fields has a dotted name any more, and nowhere else.
/// </remarks>
/// <param name="added">Fields that a pipeline may add.</param>
internal sealed class SourceComparison(IEnumerable<string> added)
{
    private static readonly string Attributes = EventFields.Attributes.Name + ".";

    private readonly HashSet<string> _added = new(added, StringComparer.Ordinal);

    public bool IsSame(ReadOnlySpan<byte> line, ReadOnlySpan<byte> source)
    {
        if (line.SequenceEqual(source))
        {
            return true;
        }

        var (mine, stored) = (JsonNode.Parse(line), JsonNode.Parse(source));
        return JsonNode.DeepEquals(mine, stored) || (mine is JsonObject a && stored is JsonObject b && IsSame(a, b));
    }

    private bool IsSame(JsonObject mine, JsonObject stored)
    {
        var isSynthetic = !stored.Any(pair => pair.Key.Contains('.', StringComparison.Ordinal) && AuditFields.Find(pair.Key) is not null);
        var (expected, found) = (Flat(mine, isSynthetic), Flat(stored, isSynthetic));
        foreach (var field in _added.Where(field => !expected.ContainsKey(field)))
        {
            found.Remove(field);
        }

        return expected.Count == found.Count
            && expected.All(pair => found.TryGetValue(pair.Key, out var values)
                && (Same(pair.Value, values, JsonNode.DeepEquals) || (isSynthetic && SameInIndex(pair.Key, pair.Value, values))));
    }

    /// <summary>The leaves by their whole names. One name that is there in both ways of writing has both values.</summary>
    private static Dictionary<string, List<JsonNode?>> Flat(JsonObject document, bool isSynthetic)
    {
        var leaves = new Dictionary<string, List<JsonNode?>>(StringComparer.Ordinal);
        Add("", document);
        return leaves;

        void Add(string name, JsonNode? node)
        {
            if (node is JsonObject { Count: > 0 } inner)
            {
                foreach (var (member, value) in inner)
                {
                    Add(name.Length == 0 ? member : name + "." + member, value);
                }
            }
            else if (!isSynthetic || node is not (null or JsonObject or JsonArray { Count: 0 })) // which are not in an index
            {
                if (!leaves.TryGetValue(name, out var values))
                {
                    leaves[name] = values = [];
                }

                values.Add(node);
            }
        }
    }

    private static bool Same(List<JsonNode?> a, List<JsonNode?> b, Func<JsonNode?, JsonNode?, bool> same) =>
        a.Count == b.Count && a.Zip(b).All(pair => same(pair.First, pair.Second));

    private static bool SameInIndex(string field, List<JsonNode?> mine, List<JsonNode?> stored)
    {
        var (a, b) = (InIndex(field, mine), InIndex(field, stored));
        return mine.Count == stored.Count && (a.SequenceEqual(b, StringComparer.Ordinal)
            || a.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .SequenceEqual(b.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), StringComparer.Ordinal));
    }

    private static List<string> InIndex(string field, List<JsonNode?> values) =>
        [.. values.SelectMany(value => value is JsonArray list ? [.. list] : (IEnumerable<JsonNode?>)[value]).OfType<JsonNode>().Select(value => InIndex(field, value))];

    /// <summary>A value as the index knows it.</summary>
    private static string InIndex(string field, JsonNode value)
    {
        var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        var type = field.StartsWith(Attributes, StringComparison.Ordinal) ? FieldType.Flattened : AuditFields.Find(field)?.Type;
        return type switch
        {
            FieldType.Date when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) =>
                at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            FieldType.Ip when IPAddress.TryParse(text, out var address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString(),
            FieldType.Float when float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number.ToString("R", CultureInfo.InvariantCulture),
            FieldType.Long when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
                decimal.Truncate(number).ToString(CultureInfo.InvariantCulture),
            _ => text,
        };
    }
}
