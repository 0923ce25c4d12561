using System.Text.Json;
using System.Text.RegularExpressions;

namespace SecurityAudit.Elasticsearch.Connection;

/// <summary>
/// An engine's error as one line for logs: its values of the event's fields are cut out, whatever <c>include_source_on_error</c> says.
/// </summary>
internal static partial class ErrorText
{
    public static string Of(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("error", out var error))
        {
            return "";
        }

        if (error.ValueKind == JsonValueKind.String)
        {
            return Clean(error.GetString()!);
        }

        if (error.ValueKind != JsonValueKind.Object)
        {
            return "";
        }

        var reasons = new List<string>();
        for (var depth = 0; depth < 8; depth++)
        {
            if (error.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String)
            {
                reasons.Add(reason.GetString()!);
            }

            if (!error.TryGetProperty("caused_by", out var cause) || cause.ValueKind != JsonValueKind.Object)
            {
                break;
            }

            error = cause;
        }

        var type = answer.GetProperty("error").TryGetProperty("type", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : "";
        return Clean($"{type}: {string.Join(" <- ", reasons.Distinct(StringComparer.Ordinal))}");
    }

    /// <summary>Quoted values go, control characters too.</summary>
    public static string Clean(string text)
    {
        var cleaned = Preview().Replace(text, "value: (left out)");
        cleaned = Quoted().Replace(cleaned, "'…'");
        cleaned = string.Concat(cleaned.Select(c => char.IsControl(c) ? ' ' : c));
        return cleaned.Length <= 600 ? cleaned : cleaned[..600] + "…";
    }

    [GeneratedRegex("value: '.*'", RegexOptions.CultureInvariant | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Preview();

    [GeneratedRegex("'[^']{0,4096}'|\"[^\"]{0,4096}\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
