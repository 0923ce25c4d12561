using System.Globalization;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Activities;

/// <summary>The named arguments of an audited call, as text; what is not a simple value is named by its type alone.</summary>
internal static class AuditArguments
{
    public static void Note(HttpContext request, AuditAttribute audit, IEnumerable<KeyValuePair<string, object?>> arguments)
    {
        var evidence = RequestEvidence.Of<ActivityEvidence>(request);
        evidence.Audit = audit;
        foreach (var (name, value) in arguments)
        {
            if (audit.Arguments.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                evidence.Arguments.Add(new(name, TextOf(value)));
            }
        }
    }

    /// <summary>A value as it is recorded.</summary>
    public static string? TextOf(object? value) => value switch
    {
        null => null,
        string text => text,
        Enum or IFormattable => Convert.ToString(value, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => $"({value.GetType().Name})",
    };
}
