using System.CommandLine;
using SecurityAudit.Journal;
using SecurityAudit.Tool.Terminals;

namespace SecurityAudit.Tool.Commands;

/// <summary><c>keygen FILE</c>: a signing key for a journal, and the verifier key to keep elsewhere.</summary>
internal sealed class KeygenCommand : Command
{
    private readonly Terminal _terminal;
    private readonly Argument<string> _file = new("FILE") { Description = "The file to create, with mode 0600. An existing one is never overwritten." };
    private readonly Option<string> _origin = new("--origin") { Description = "The key's name in the verifier key.", DefaultValueFactory = _ => "security-audit" };

    public KeygenCommand(Terminal terminal)
        : base("keygen", "Creates a signing key (ECDSA P-256, PKCS#8 in PEM) and prints its verifier key, which 'verify --key' takes.")
    {
        _terminal = terminal;
        Arguments.Add(_file);
        Options.Add(_origin);
        SetAction(Generate);
    }

    private int Generate(ParseResult parsed)
    {
        var file = parsed.GetRequiredValue(_file);
        using var signer = PemFileSigner.Create(file, parsed.GetRequiredValue(_origin));
        _terminal.Output.WriteLine(signer.Key);
        _terminal.Output.Flush();
        if (_terminal.OutputIsTerminal)
        {
            _terminal.Error.WriteLine($"The private key is in {VisibleText.Of(file)}. The line above is public: keep it where the journal's host cannot change it.");
        }

        return ExitCode.Sound;
    }
}
