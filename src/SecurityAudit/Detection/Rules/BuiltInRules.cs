using System.Collections.Immutable;
using System.Text.Json;

namespace SecurityAudit.Detection.Rules;

/// <summary>The rules that the library brings, from its own files: <c>Detection/Rules/*.json</c>.</summary>
internal static class BuiltInRules
{
    private const string Prefix = "SecurityAudit.Detection.Rules.";

    public static ImmutableSortedDictionary<string, DetectionRule> Read()
    {
        var assembly = typeof(BuiltInRules).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name =>
            {
                using var file = assembly.GetManifestResourceStream(name)!;
                return JsonSerializer.Deserialize(file, RuleJson.Default.DetectionRule)!;
            })
            .ToImmutableSortedDictionary(rule => rule.Id, rule => rule, StringComparer.Ordinal);
    }
}
