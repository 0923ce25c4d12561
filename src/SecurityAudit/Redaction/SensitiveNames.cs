using Microsoft.Extensions.Options;

namespace SecurityAudit.Redaction;

/// <summary>Names whose values are never recorded, whoever wrote them into the event: matched as parts, case and separators ignored.</summary>
internal sealed class SensitiveNames(IOptions<SecurityAuditOptions> options)
{
    private static readonly string[] BuiltIn =
    [
        "password", "passwd", "pwd", "passphrase", "secret", "token", "cookie", "authorization", "apikey", "accesskey", "privatekey",
        "credential", "connectionstring", "signature", "otp", "pincode", "securitystamp", "hash", "cvv", "creditcard", "cardnumber",
    ];

    private readonly string[] _parts = [.. BuiltIn, .. options.Value.SensitiveNames.Select(Plain)];

    public bool Match(string name)
    {
        var plain = Plain(name);
        return Array.Exists(_parts, part => plain.Contains(part, StringComparison.OrdinalIgnoreCase));
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));
}
