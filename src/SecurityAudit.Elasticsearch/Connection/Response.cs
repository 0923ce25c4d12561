using System.Text;
using System.Text.Json;

namespace SecurityAudit.Elasticsearch.Connection;

/// <summary>A whole response of a server.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, complete.</param>
/// <param name="RetryAfter">How long the server asks to be left alone.</param>
/// <param name="IsElasticsearch">Did it carry Elasticsearch's own header?</param>
internal sealed record Response(int Status, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter = null, bool IsElasticsearch = false)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The error in one line, without a value of the event that it may be about.</summary>
    public string Error
    {
        get
        {
            try
            {
                using var json = JsonDocument.Parse(Body);
                return $"{Status} {ErrorText.Of(json.RootElement)}".TrimEnd();
            }
            catch (JsonException)
            {
                return $"{Status} {Printable(Body.Span)}".TrimEnd();
            }
        }
    }

    public JsonDocument Json() => JsonDocument.Parse(Body);

    private static string Printable(ReadOnlySpan<byte> body) =>
        ErrorText.Clean(Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)]));
}
