using Microsoft.AspNetCore.Routing.Patterns;
using SecurityAudit.Fields;

namespace SecurityAudit.Enrichment;

/// <summary>Lays a route pattern over the segments of a path. Constraints are not asked: whoever masks too much has lost less.</summary>
internal static class RouteShape
{
    public static bool HasLiteral(RoutePattern pattern) => pattern.PathSegments.Any(segment => segment.Parts is [RoutePatternLiteralPart]);

    /// <summary>Has the path, from that segment on, the pattern's form?</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="segments">The segments of the path.</param>
    /// <param name="start">The segment that the pattern is to begin at.</param>
    /// <param name="mayGoOn">Behind what the pattern describes may stand more.</param>
    public static bool Matches(RoutePattern pattern, string[] segments, int start, bool mayGoOn = false)
    {
        for (var index = 0; index < pattern.PathSegments.Count; index++)
        {
            var parts = pattern.PathSegments[index].Parts;
            if (start + index >= segments.Length || segments[start + index].Length == 0)
            {
                return parts is [RoutePatternParameterPart { IsOptional: true }
                    or RoutePatternParameterPart { IsCatchAll: true }
                    or RoutePatternParameterPart { Default: not null }];
            }

            if (parts is [RoutePatternParameterPart { IsCatchAll: true }])
            {
                return true;
            }

            if (parts is [RoutePatternLiteralPart literal] && !string.Equals(literal.Content, segments[start + index], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        var end = start + pattern.PathSegments.Count;
        return mayGoOn || end >= segments.Length || (end == segments.Length - 1 && segments[end].Length == 0);
    }

    /// <summary>
    /// The segments with a mask for each one that holds a parameter of which <paramref name="isSecret"/> says so, by name and value.
    /// </summary>
    public static string[] Replace(RoutePattern pattern, string[] segments, int start, Func<string, string, bool> isSecret)
    {
        var masked = (string[])segments.Clone();
        for (var index = 0; index < pattern.PathSegments.Count && start + index < segments.Length; index++)
        {
            foreach (var parameter in pattern.PathSegments[index].Parts.OfType<RoutePatternParameterPart>())
            {
                var rest = parameter.IsCatchAll ? segments[(start + index)..] : [segments[start + index]];
                if (rest is not [""] && Array.Exists(rest, segment => isSecret(parameter.Name, segment)))
                {
                    masked[start + index] = AuditFields.Mask;
                    masked = parameter.IsCatchAll ? masked[..(start + index + 1)] : masked;
                }
            }
        }

        return masked;
    }
}
