using System.CommandLine;
using System.Text;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Commands;

/// <summary><c>verify-proof FILE --key KEY</c>: is the proof that somebody handed over one? Needs no journal.</summary>
internal sealed class VerifyProofCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _file = new("FILE") { Description = "What 'prove' or 'consistency' printed." };
    private readonly VerifierKeyOption _keys = new() { Required = true };
    private readonly Option<string?> _old = new("--old") { Description = "For a consistency proof: the older checkpoint, as you kept it." };

    public VerifyProofCommand(Terminal terminal)
        : base("verify-proof", "Checks a proof of 'prove' or 'consistency' without the journal, and prints the line that it proves. Exit code 0 proven, 1 not.")
    {
        _terminal = terminal;
        Arguments.Add(_file);
        Options.Add(_keys);
        Options.Add(_old);
        SetAction(VerifyProof);
    }

    private int VerifyProof(ParseResult parsed)
    {
        var file = parsed.GetRequiredValue(_file);
        var text = File.ReadAllText(file);
        var keys = parsed.GetRequiredValue(_keys);
        if (TlogProof.TryParse(text, out var line))
        {
            return CheckLine(line, keys);
        }

        if (!ConsistencyProof.TryParse(text, out var consistency))
        {
            throw new FormatException($"'{file}' holds no proof, expected the text that 'security-audit prove' or 'security-audit consistency' prints.");
        }

        var old = parsed.GetValue(_old) ?? throw new IOException("This is a consistency proof, expected --old with the older checkpoint as you kept it.");
        return CheckConsistency(consistency, CheckpointFiles.ReadOne(old), keys);
    }

    private int CheckLine(TlogProof proof, VerifierKey[] keys)
    {
        if (proof.Line.IsEmpty)
        {
            throw new FormatException("The proof does not carry its line, expected one of 'security-audit prove', whose 'extra' is the line.");
        }

        if (!keys.Any(key => proof.Verify(proof.Line.Span, key)))
        {
            return NotProven($"line {proof.Index} is not under that checkpoint, or no key that you named has signed it");
        }

        _terminal.Output.WriteLine(VisibleText.Of(Encoding.UTF8.GetString(proof.Line.Span)));
        return Proven($"line {proof.Index} is one of the {proof.Checkpoint.Size} lines of {proof.Checkpoint.Origin} that the key has signed");
    }

    private int CheckConsistency(ConsistencyProof proof, Checkpoint old, VerifierKey[] keys) =>
        keys.Any(key => proof.Verify(old, key))
            ? Proven($"the first {old.Size} of the {proof.Checkpoint.Size} lines of {proof.Checkpoint.Origin} are those of the older checkpoint")
            : NotProven($"the log of {proof.Checkpoint.Size} lines does not begin with the {old.Size} of the older checkpoint, or no key that you named has signed it");

    private int Proven(string what)
    {
        _terminal.Output.Flush();
        _terminal.Error.WriteLine($"PROVEN: {VisibleText.Of(what)}");
        return ExitCode.Sound;
    }

    private int NotProven(string why)
    {
        _terminal.WriteError($"NOT PROVEN: {why}.");
        return ExitCode.NotSound;
    }
}
