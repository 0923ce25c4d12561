using System.Text;
using System.Text.RegularExpressions;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch.Setup;

/// <summary>What of our templates an engine does not know, as its refusals name it: field types, the index mode.</summary>
internal sealed partial class MissingTypes
{
    private static readonly string[] Optional = [FieldMapping.Wildcard, FieldMapping.Text, FieldMapping.Constant, IndexTemplates.IndexMode];

    private readonly HashSet<string> _types = new(StringComparer.Ordinal);

    public IReadOnlySet<string> Types => _types;

    /// <summary>Does a refusal name one that is news, and for which there is another?</summary>
    public bool TryLearn(Response refusal) =>
        Named().Match(Encoding.UTF8.GetString(refusal.Body.Span)) is { Success: true } match && match.Groups["type"].Value is var type
        && (type == IndexTemplates.IndexMode || FieldMapping.Plain(type) != type) && _types.Add(type);

    /// <summary>
    /// Is there a choice of missing ones with which what was installed is what would be? It may have plain types in their place: the engine
    /// is not asked again for each.
    /// </summary>
    public bool Explain(Func<bool> isInstalled)
    {
        for (var choice = 0; choice < 1 << Optional.Length; choice++)
        {
            var added = Optional.Where((_, bit) => (choice & (1 << bit)) != 0).Where(_types.Add).ToList();
            if (isInstalled())
            {
                return true;
            }

            _types.ExceptWith(added);
        }

        return false;
    }

    /// <summary>For people; empty where nothing is missing.</summary>
    public override string ToString()
    {
        var types = _types.Where(type => type != IndexTemplates.IndexMode).Order(StringComparer.Ordinal).ToList();
        return string.Join("; ", new[]
        {
            types.Count > 0 ? $"this engine has no {string.Join(", ", types)}: the plain types of the family are used" : "",
            _types.Contains(IndexTemplates.IndexMode) ? $"this engine knows no {IndexTemplates.IndexMode}: it has the one mode" : "",
        }.Where(text => text.Length > 0));
    }

    [GeneratedRegex(
        @"(?:mapper type|handler for type|unknown setting) \[(?<type>[a-z_.]+)\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
