using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecurityAudit.Detection.Engine;

namespace SecurityAudit.Detection.Rules;

/// <summary>The rules: the built-in ones, as the options change them, and the owner's own.</summary>
/// <param name="Rules">All of them, those that are off among them, each id once.</param>
/// <param name="Faults">What is wrong with what the options say: what was found, what was expected, where.</param>
internal sealed record RuleCatalogue(ImmutableArray<DetectionRule> Rules, ImmutableArray<string> Faults)
{
    private const string Section = "SecurityAudit:Detection";

    /// <summary>The built-in rules, by their ids.</summary>
    public static ImmutableSortedDictionary<string, DetectionRule> BuiltIn { get; } = BuiltInRules.Read();

    /// <summary>The rules as these options have them.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="contentRoot">Where a relative folder of rules begins.</param>
    public static RuleCatalogue Of(DetectionSettings settings, string contentRoot)
    {
        List<string> faults =
        [
            .. settings.Exceptions.Sources.Where(source => ExceptedEvents.TryParse(source) is null)
                .Select(source => $"{Section}:Exceptions:Sources has '{source}', expected an address or a network such as 10.0.0.0/8."),
        ];
        var rules = new SortedDictionary<string, DetectionRule>(BuiltIn, StringComparer.Ordinal);
        foreach (var (id, node) in settings.RuleSections)
        {
            Take(Overlaid(id, node), $"{Section}:Rules:{id}");
        }

        foreach (var (path, text) in Files(settings, contentRoot, faults))
        {
            Take(JsonNodeOf(text, path), path);
        }

        foreach (var rule in settings.Rules)
        {
            Add(rule, $"Detection.Rules in code: '{rule?.Id}'");
        }

        return new RuleCatalogue([.. rules.Values], [.. faults]);

        void Take(JsonNode? node, string where)
        {
            try
            {
                Add(node?.Deserialize(RuleJson.Default.DetectionRule), where);
            }
            catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
            {
                faults.Add($"{where} is no rule: {fault.Message}");
            }
        }

        void Add(DetectionRule? rule, string where)
        {
            if (rule is null)
            {
                faults.Add($"{where} is empty, expected a rule.");
                return;
            }

            var wrong = RuleCheck.Faults(rule).Select(fault => $"{where}: {fault}").ToList();
            faults.AddRange(wrong);
            if (wrong.Count == 0)
            {
                rules[rule.Id] = rule;
            }
        }

        JsonNode? JsonNodeOf(string text, string path)
        {
            try
            {
                return JsonNode.Parse(text, null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            }
            catch (JsonException fault)
            {
                faults.Add($"{path} is not JSON: {fault.Message}");
                return null;
            }
        }
    }

    /// <summary>The built-in rule of this id with what the section changes of it; without one, what the section says.</summary>
    private static JsonNode Overlaid(string id, JsonNode section)
    {
        var whole = BuiltIn.TryGetValue(id, out var rule) ? JsonSerializer.SerializeToNode(rule, RuleJson.Default.DetectionRule)!.AsObject() : [];
        whole["id"] = id;
        return JsonOverlay.Over(whole, section);
    }

    private static IEnumerable<(string Path, string Text)> Files(DetectionSettings settings, string contentRoot, List<string> faults)
    {
        if (settings.RuleDirectory is not { } folder)
        {
            return [];
        }

        var directory = Path.Combine(contentRoot, folder);
        try
        {
            return [.. Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal).Select(path => (path, File.ReadAllText(path)))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{Section}:RuleDirectory is '{folder}': {failure.Message} Expected a folder of *.json files that this user can read.");
            return [];
        }
    }
}
