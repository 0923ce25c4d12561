using System.Text.Json;
using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>Reads the answer to a <c>_bulk</c> request of <c>create</c> actions, and believes it only when it fits what was sent.</summary>
internal static class BulkResponse
{
    /// <summary>What of an answer is asked for.</summary>
    public const string Filter =
        "errors,error,status,items.create._id,items.create._index,items.create.status,items.create.failure_store,"
        + "items.create.error.type,items.create.error.reason,items.create.error.caused_by.type,items.create.error.caused_by.reason";

    /// <summary>
    /// One item for each id, in their order; or what is wrong with the answer, after which nothing is known about any event.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, IReadOnlyList<string> ids, out LineOutcome[] items, out string? fault)
    {
        items = [];
        try
        {
            using var json = JsonDocument.Parse(body);
            return TryRead(json.RootElement, ids, out items, out fault);
        }
        catch (JsonException error)
        {
            fault = $"the answer is not JSON (at byte {error.BytePositionInLine})";
            return false;
        }
    }

    private static bool TryRead(JsonElement root, IReadOnlyList<string> ids, out LineOutcome[] items, out string? fault)
    {
        items = [];
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("items", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            fault = "the answer has no list of items";
            return false;
        }

        if (list.GetArrayLength() != ids.Count)
        {
            fault = $"the answer has {list.GetArrayLength()} items; {ids.Count} were sent";
            return false;
        }

        var read = new LineOutcome[ids.Count];
        var position = 0;
        foreach (var element in list.EnumerateArray())
        {
            if (!TryReadItem(element, ids[position], out read[position]))
            {
                fault = $"item {position} of the answer is not one for the event '{ids[position]}'";
                return false;
            }

            position++;
        }

        items = read;
        fault = null;
        return true;
    }

    private static bool TryReadItem(JsonElement element, string id, out LineOutcome item)
    {
        item = default;
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("create", out var create) || create.ValueKind != JsonValueKind.Object
            || !create.TryGetProperty("_id", out var itsId) || itsId.ValueKind != JsonValueKind.String || !itsId.ValueEquals(id)
            || !create.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.Number || !status.TryGetInt32(out var code)
            || !create.TryGetProperty("_index", out var index) || index.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        var redirected = create.TryGetProperty("failure_store", out var store) && store.ValueEquals("used");
        if (Judge(code, redirected, create) is not { } verdict)
        {
            return false;
        }

        var reason = verdict is LineVerdict.Stored or LineVerdict.AlreadyThere ? null : ErrorText.Of(create);
        item = new LineOutcome(verdict, code, index.GetString()!, reason);
        return true;
    }

    private static LineVerdict? Judge(int status, bool redirected, JsonElement create) => status switch
    {
        200 or 201 => redirected ? LineVerdict.Redirected : LineVerdict.Stored,
        409 => LineVerdict.AlreadyThere,
        408 or 429 or (>= 500 and < 600) => LineVerdict.TryAgain,
        401 or 403 or 404 => LineVerdict.Closed,
        400 when SpeaksOfTarget(create) => LineVerdict.Closed,
        >= 400 and < 500 => LineVerdict.Refused,
        _ => null,
    };

    /// <summary>
    /// A closed index, and an ingest pipeline that the templates name and nobody has, refuse every event: none of them is to blame.
    /// </summary>
    private static bool SpeaksOfTarget(JsonElement create)
    {
        if (!create.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        return (error.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("index_closed_exception"))
            || (error.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String && reason.GetString() is { } text
                && text.StartsWith("pipeline with id [", StringComparison.Ordinal) && text.EndsWith("] does not exist", StringComparison.Ordinal));
    }
}
