using System.CommandLine;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Commands;

/// <summary><c>consistency DIR OLD</c>: the proof that the journal only grew since a checkpoint that was kept elsewhere.</summary>
internal sealed class ConsistencyCommand : Command
{
    private readonly Terminal _terminal;
    private readonly JournalArgument _directory = new();
    private readonly Argument<string> _old = new("OLD") { Description = "A file with a checkpoint of this journal that was kept elsewhere." };

    public ConsistencyCommand(Terminal terminal)
        : base(
            "consistency",
            "Prints the proof that the journal still begins with what an older checkpoint covers (RFC 6962), up to its newest checkpoint; "
            + "'verify-proof --old' verifies it.")
    {
        _terminal = terminal;
        Arguments.Add(_directory);
        Arguments.Add(_old);
        SetAction(Prove);
    }

    private int Prove(ParseResult parsed)
    {
        var directory = _directory.JournalDirectory(parsed);
        var old = CheckpointFiles.ReadOne(parsed.GetRequiredValue(_old));
        var log = JournalDirectory.Logs(directory).FirstOrDefault(log => log.Id == old.JournalId)
            ?? throw new IOException($"The checkpoint is one of log '{old.JournalId}', but '{directory}' has none of that name: expected the journal it was taken from.");
        var proof = JournalProofs.Consistency(log, old);
        if (!MerkleProof.VerifyConsistency(old.Size, proof.Checkpoint.Size, old.Root.Span, proof.Checkpoint.Root.Span, proof.Hashes))
        {
            _terminal.WriteError($"NOT CONSISTENT: log {log.Id} does not begin with the {old.Size} lines that the checkpoint covers. 'security-audit verify --anchor' tells more.");
            return ExitCode.NotSound;
        }

        _terminal.Output.Write(proof);
        _terminal.Output.Flush();
        return ExitCode.Sound;
    }
}
