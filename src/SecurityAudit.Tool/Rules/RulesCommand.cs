using System.CommandLine;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Rules;

/// <summary><c>rules</c>: the rules in the form of other systems.</summary>
internal sealed class RulesCommand : Command
{
    public RulesCommand(Terminal terminal)
        : base("rules", "Writes the rules of detection in the form of other systems.") => Add(new ExportRulesCommand(terminal));
}
