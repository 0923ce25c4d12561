using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using SecurityAudit.Detection;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Hosting;

namespace SecurityAudit.Elasticsearch.Rules;

/// <summary>The rules that are on, the lists that they name, and whose events all of them leave alone.</summary>
internal sealed record RuleSet(ImmutableArray<DetectionRule> Rules, NamedLists Lists, RuleExceptions Exceptions)
{
    /// <param name="configuration">What the application's configuration says, in its section <c>SecurityAudit:Detection</c>.</param>
    /// <param name="contentRoot">Where a relative folder of rules begins.</param>
    /// <param name="lists">What stands for the lists beside that.</param>
    /// <exception cref="FormatException">The section cannot be used; the message lists all of it.</exception>
    public static RuleSet Read(IConfiguration configuration, string contentRoot, RuleLists lists)
    {
        var options = new SecurityAuditOptions();
        var section = new OptionsSection(configuration);
        section.Configure(options);
        var catalogue = RuleCatalogue.Of(options.Detection, contentRoot);
        string[] faults = [.. section.Faults, .. catalogue.Faults];
        return faults.Length == 0
            ? new RuleSet([.. catalogue.Rules.Where(rule => rule.Enabled)], lists.Of(options.Detection), options.Detection.Exceptions)
            : throw new FormatException(string.Join(' ', faults));
    }
}
