using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Commands;

/// <summary>The keys that may have signed: verifier keys, or files with a verifier key, a public key or a certificate.</summary>
internal sealed class VerifierKeyOption : Option<VerifierKey[]>
{
    public VerifierKeyOption() : base("--key")
    {
        Description = "A key that may have signed, known from elsewhere: a verifier key (name+id+base64), "
            + "or a file that holds one or a public key or certificate in PEM. Can be repeated.";
        CustomParser = Parse;
    }

    private static VerifierKey[] Parse(ArgumentResult result)
    {
        var keys = new List<VerifierKey>();
        foreach (var token in result.Tokens)
        {
            if (TryRead(token.Value, out var key))
            {
                keys.Add(key!);
            }
            else
            {
                result.AddError(
                    $"--key is '{token.Value}', expected a verifier key (name+id+base64, as 'security-audit keygen' prints it) or a file with one, "
                    + "or with an ECDSA public key or certificate in PEM.");
            }
        }

        return [.. keys];
    }

    private static bool TryRead(string text, out VerifierKey? key)
    {
        if (VerifierKey.TryParse(text, out key))
        {
            return true;
        }

        if (!File.Exists(text))
        {
            return false;
        }

        var content = File.ReadAllText(text);
        if (VerifierKey.TryParse(content.Trim(), out key))
        {
            return true;
        }

        try
        {
            key = VerifierKey.FromSpki("security-audit", Spki(content));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false; // the caller says what was expected
        }
    }

    private static byte[] Spki(string pem)
    {
        if (pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.PublicKey.ExportSubjectPublicKeyInfo();
        }

        using var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key.ExportSubjectPublicKeyInfo();
    }
}
