using SecurityAudit.Elasticsearch.Connection;
using SecurityAudit.Shipping;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>What the status of a whole response to <c>_bulk</c> means.</summary>
internal static class BulkStatus
{
    public static BatchOutcomeKind Judge(Response response) => response.Status switch
    {
        200 => BatchOutcomeKind.Answered, // each item has a status of its own
        408 or 429 or (>= 500 and < 600) => BatchOutcomeKind.Later,
        413 => BatchOutcomeKind.TooLarge,
        400 => BatchOutcomeKind.Spoiled,
        _ => BatchOutcomeKind.Closed, // 401, 403, 404, and every status that nobody expects
    };

    /// <summary>Does this version not know a parameter?</summary>
    public static bool LacksParameter(Response response) => response.Status == 400 && response.Body.Span.IndexOf("unrecognized parameter"u8) >= 0;
}
