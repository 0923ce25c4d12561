using System.Collections.Immutable;
using System.CommandLine;
using SecurityAudit.Elasticsearch.Rules;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Rules;

/// <summary>
/// <c>rules export</c>: files for Kibana, OpenSearch's Alerting, and whatever reads Sigma, all from the rules that the application has.
/// </summary>
internal sealed class ExportRulesCommand : Command
{
    private readonly Terminal _terminal;
    private readonly RuleOptions _rules = new();
    private readonly Option<string?> _kibana = new("--kibana")
    {
        Description = "Detection rules of Kibana (Elastic Security), switched off: a file to import under Security, Rules, Import.",
    };
    private readonly Option<string?> _monitors = new("--opensearch") { Description = "Monitors of OpenSearch's Alerting, switched off, one a line of this file." };
    private readonly Option<string?> _sigma = new("--sigma") { Description = "Sigma files, one a rule, in this directory." };

    public ExportRulesCommand(Terminal terminal) : base("export", "Writes the rules as files. What a form cannot say is in the rules themselves, and what it cannot hold is told.")
    {
        _terminal = terminal;
        foreach (var option in new Option[] { _kibana, _monitors, _sigma })
        {
            Options.Add(option);
        }

        _rules.AddTo(this);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var (kibana, monitors, sigma) = (parsed.GetValue(_kibana), parsed.GetValue(_monitors), parsed.GetValue(_sigma));
        if (kibana is null && monitors is null && sigma is null)
        {
            throw new FormatException("No form is named, expected --kibana FILE, --opensearch FILE or --sigma DIRECTORY.");
        }

        var set = _rules.Read(parsed);
        if (kibana is not null)
        {
            var rules = KibanaRules.Of(set);
            File.WriteAllText(kibana, rules.Ndjson());
            Say($"{rules.Rules.Length} detection rules for Kibana are in {kibana}", rules.LeftOut);
        }

        if (monitors is not null)
        {
            var made = AlertingMonitors.Of(set);
            File.WriteAllText(monitors, made.Ndjson());
            Say($"{made.Monitors.Length} monitors for OpenSearch are in {monitors}", made.LeftOut);
        }

        if (sigma is not null)
        {
            var made = SigmaRules.Of(set);
            Directory.CreateDirectory(sigma);
            foreach (var (name, text) in made.Files)
            {
                File.WriteAllText(Path.Combine(sigma, name), text);
            }

            Say($"{made.Files.Length} Sigma files are in {sigma}", made.LeftOut);
        }

        return ExitCode.Sound;
    }

    private void Say(FormattableString done, ImmutableArray<string> leftOut)
    {
        _terminal.WriteLine(done);
        foreach (var reason in leftOut)
        {
            _terminal.WriteLine($"  left out: {reason}");
        }
    }
}
