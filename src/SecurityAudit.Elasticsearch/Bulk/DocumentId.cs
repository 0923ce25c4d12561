using System.Globalization;

namespace SecurityAudit.Elasticsearch.Bulk;

/// <summary>
/// The id of a line's document: where the line stands and the beginning of its hash, so that "it is there already" means this very line.
/// </summary>
/// <remarks>
/// 22 characters of base64url are 132 bits: nobody finds a second line for an id by trying, and the id costs half of what the whole hash
/// would. Where a log was copied and both copies went on, one sequence number has two ids.
/// </remarks>
internal static class DocumentId
{
    public const int HashCharacters = 22;

    public static string Of(string logId, long sequence, string hash) =>
        string.Create(CultureInfo.InvariantCulture, $"{logId}-{sequence}-{hash.AsSpan(0, Math.Min(HashCharacters, hash.Length))}");

    /// <summary>The id that was given before ids carried a hash.</summary>
    public static string WithoutHash(string logId, long sequence) => string.Create(CultureInfo.InvariantCulture, $"{logId}-{sequence}");
}
