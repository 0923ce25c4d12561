using SecurityAudit.Detection;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Elasticsearch.Tests.AcrossNodes;

namespace SecurityAudit.Elasticsearch.Tests.Rules;

/// <summary>The built-in rules and rules of an owner that use what those do not.</summary>
internal static class ExportedRules
{
    public static RuleSet BuiltIn { get; } = new([.. RuleCatalogue.BuiltIn.Values], ShopOfNodes.Lists, new RuleExceptions());

    public static DetectionRule Own { get; } = new()
    {
        Id = "own_probe",
        Name = "A \"probe\": or #two",
        Description = "Somebody looks.\nAgain and again.",
        Severity = EventSeverity.Low,
        When =
        [
            new ThresholdCondition
            {
                Events = EventPattern.OfActions("http_*").And("url.path", "/a (b) and c*", "/x\"y\\z"), GroupBy = ["source.ip"], Count = 3, Within = TimeSpan.FromSeconds(90),
            },
        ],
        Exceptions = new RuleExceptions { Sources = ["10.0.0.0/8", "192.0.2.7"], Users = ["probe"], Agents = ["Mozilla/5.0 (X11"] },
        Alert = "{count}",
        Advice = "Look back at {source}.",
        Reference = "https://wiki.example/probe",
    };

    public static RuleSet WithOwn { get; } = BuiltIn with { Rules = [.. BuiltIn.Rules, Own], Exceptions = new RuleExceptions { Sources = ["2001:db8::/32"] } };
}
