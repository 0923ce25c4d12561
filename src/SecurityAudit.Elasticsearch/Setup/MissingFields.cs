using System.Text.Json.Nodes;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>
/// Gives the index that takes events now the fields that this version has more than the one that set it up: templates reach only what is
/// made after them. What is mapped already keeps its type, whoever chose it.
/// </summary>
internal sealed class MissingFields(ElasticsearchConnection connection)
{
    /// <summary>Null when there is no index yet; otherwise what was done.</summary>
    /// <param name="search">The data stream, or the pattern of the indices per period.</param>
    /// <param name="properties">The mapping of each field, by its dotted name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<(SetupOutcome Outcome, string Detail)?> AddAsync(string search, JsonObject properties, CancellationToken cancellationToken)
    {
        if (await NewestAsync(search, cancellationToken) is not { } newest)
        {
            return null;
        }

        var there = await connection.SendAsync(HttpMethod.Get, newest + "/_mapping", cancellationToken: cancellationToken);
        if (!there.IsSuccess)
        {
            return (SetupOutcome.Kept, $"whether {newest} has every field cannot be seen ({there.Error}); what is made from now on takes the templates");
        }

        var mapped = new HashSet<string>(StringComparer.Ordinal);
        Collect("", JsonNode.Parse(there.Body.Span)?[newest]?["mappings"]?["properties"]?.AsObject(), mapped);
        var missing = new JsonObject(properties.Where(field => !mapped.Contains(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        if (missing.Count == 0)
        {
            return (SetupOutcome.Unchanged, "");
        }

        var answer = await connection.SendAsync(HttpMethod.Put, newest + "/_mapping", JsonBody.Of(new JsonObject { ["properties"] = missing }), cancellationToken);
        return answer.IsSuccess
            ? (SetupOutcome.Updated, $"{newest} got {missing.Count} fields more; what it holds already is not searched by them")
            : (SetupOutcome.Kept, $"{newest} does not take {missing.Count} new fields ({answer.Error}); what is made from now on has them");
    }

    /// <summary>The index that events of now go into: the last of the data stream's, or the one of the latest period.</summary>
    private async Task<string?> NewestAsync(string search, CancellationToken cancellationToken)
    {
        var answer = await connection.SendAsync(HttpMethod.Get, $"_resolve/index/{search}", cancellationToken: cancellationToken);
        var found = answer.IsSuccess ? JsonNode.Parse(answer.Body.Span) : null;
        return found?["data_streams"]?.AsArray() is [{ } stream, ..]
            ? (string?)stream["backing_indices"]?.AsArray().LastOrDefault()
            : found?["indices"]?.AsArray().Select(index => (string)index!["name"]!).Where(name => char.IsAsciiDigit(name[^1])).Max(StringComparer.Ordinal);
    }

    private static void Collect(string path, JsonObject? properties, HashSet<string> mapped)
    {
        foreach (var (name, value) in properties ?? [])
        {
            if (value?["properties"] is JsonObject inner)
            {
                Collect($"{path}{name}.", inner, mapped);
            }
            else
            {
                mapped.Add(path + name);
            }
        }
    }
}
