using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using MimeKit;
using SecurityAudit.Alerts;
using SecurityAudit.Hosting;

namespace SecurityAudit.Email;

/// <summary>Every fault of the options in one message; the password is in none.</summary>
internal sealed class EmailOptionsValidator(EmailSection section) : IValidateOptions<AlertEmailOptions>
{
    private const int MostRecipients = 50;

    public ValidateOptionsResult Validate(string? name, AlertEmailOptions options)
    {
        List<string> faults = [.. section.Faults, .. Faults(options).Select(fault => $"{Extensions.EmailSection}:{fault}")];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(string.Join(Environment.NewLine, faults));
    }

    private static IEnumerable<string> Faults(AlertEmailOptions options)
    {
        if (!ChannelNames.IsOne(options.Name))
        {
            yield return $"Name is '{options.Name}', expected {ChannelNames.Expected}.";
        }

        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
        {
            yield return "Host is missing or is not a host's name, expected one such as mail.example.";
        }

        if (options.Port is < 1 or > 65_535)
        {
            yield return $"Port is {options.Port}, expected 1 to 65535.";
        }

        if (!Enum.IsDefined(options.Security))
        {
            yield return $"Security is {options.Security}, expected StartTls, Tls or None.";
        }

        if (!Enum.IsDefined(options.MinimumSeverity))
        {
            yield return $"MinimumSeverity is {options.MinimumSeverity}, expected Low, Medium, High or Critical.";
        }

        if (options.Username is null != (options.Password is null))
        {
            yield return "Username and Password go together, expected both or neither.";
        }

        if (options is { Username: not null, Security: AlertEmailSecurity.None })
        {
            yield return "Username is set and Security is None, expected StartTls or Tls: the password would be readable on the way.";
        }

        if (options.AuthorityFile is { } file && AuthorityFault(file) is { } fault)
        {
            yield return fault;
        }

        if (!IsAddress(options.From))
        {
            yield return $"From is '{options.From}', expected one address such as audit@shop.example.";
        }

        if (options.To.Count is 0 or > MostRecipients)
        {
            yield return $"To has {options.To.Count} addresses, expected 1 to {MostRecipients}.";
        }

        foreach (var recipient in options.To.Where(recipient => !IsAddress(recipient)))
        {
            yield return $"To holds '{recipient}', expected an address such as oncall@shop.example.";
        }
    }

    private static bool IsAddress(string? text) =>
        MailboxAddress.TryParse(text, out var address) && address.Address.IndexOf('@', StringComparison.Ordinal) > 0 && !text!.Any(char.IsControl);

    private static string? AuthorityFault(string file)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file);
            return found.Count > 0 ? null : $"AuthorityFile '{file}' holds no certificate, expected PEM.";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"AuthorityFile '{file}' cannot be read: {error.Message}";
        }
    }
}
