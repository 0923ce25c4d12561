using System.Collections.Immutable;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;

namespace SecurityAudit.Elasticsearch.AcrossNodes;

/// <summary>By what the events of all nodes are judged.</summary>
/// <param name="Rules">The rules that are on.</param>
/// <param name="Lists">The lists that they name.</param>
/// <param name="Exceptions">Whose events all rules leave alone.</param>
internal sealed record CrossNodeSettings(ImmutableArray<DetectionRule> Rules, NamedLists Lists, RuleExceptions Exceptions)
{
    /// <summary>
    /// What arrives later than this after it happened, because a node could not ship, is not judged any more across nodes.
    /// </summary>
    public TimeSpan Late { get; init; } = TimeSpan.FromHours(3);

    /// <summary>Where addresses are; null where nobody knows.</summary>
    public ILocationResolver? Resolver { get; init; }

    /// <summary>Hears of a rule that fails.</summary>
    public Action<string, Exception> Failed { get; init; } = static (_, _) => { };
}
