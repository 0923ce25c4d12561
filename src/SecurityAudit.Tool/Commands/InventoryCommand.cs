using System.CommandLine;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Inventory;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Commands;

/// <summary><c>inventory DIR</c>: what is logged, where, in which form, how it is protected, and what is not covered.</summary>
internal sealed class InventoryCommand : Command
{
    private readonly Terminal _terminal;
    private readonly JournalArgument _directory = new();
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object on one line." };

    public InventoryCommand(Terminal terminal)
        : base("inventory", "Says for an auditor what is logged, where, in which form, how it is protected, who reads it, and what is not covered (OWASP ASVS 16.1.1).")
    {
        _terminal = terminal;
        Arguments.Add(_directory);
        Options.Add(_json);
        SetAction((parsed, cancellationToken) => Task.FromResult(Run(parsed, cancellationToken)));
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var directory = _directory.JournalDirectory(parsed);
        using var reader = new JournalEventReader(directory);
        var inventory = JournalInventory.Read(directory, reader, cancellationToken);
        if (parsed.GetValue(_json))
        {
            InventoryJson.Write(_terminal, inventory);
        }
        else
        {
            new InventoryText(_terminal).Write(inventory);
        }

        if (reader.Skipped > 0)
        {
            _terminal.WriteError($"{reader.Skipped} lines could not be read or are gone. 'security-audit verify' tells which and whether that is right.");
        }

        return ExitCode.Sound;
    }
}
