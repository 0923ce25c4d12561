namespace SecurityAudit.Email;

/// <summary>The section <c>SecurityAudit:Alerts:Email</c>; validated when the host starts, every fault in one message.</summary>
public sealed class AlertEmailOptions
{
    /// <summary>The channel's name: 1 to 40 lower-case letters, digits and hyphens. Under it is remembered what was delivered.</summary>
    /// <value>Default: <c>email</c>.</value>
    public string Name { get; set; } = "email";

    /// <summary>The mail server, by the name that its certificate has.</summary>
    public string? Host { get; set; }

    /// <summary>Its port.</summary>
    /// <value>1 to 65,535. Default: 587 with STARTTLS, 465 with TLS, 25 without either.</value>
    public int? Port { get; set; }

    /// <summary>How the way there is kept from others.</summary>
    /// <value>Default: <see cref="AlertEmailSecurity.StartTls"/>, and no mail where the server does not offer it.</value>
    public AlertEmailSecurity Security { get; set; } = AlertEmailSecurity.StartTls;

    /// <summary>
    /// A PEM file with the certificates of the authorities that the server's certificate may be of, in place of those of the system: for a
    /// mail server of one's own. The name has to fit all the same.
    /// </summary>
    public string? AuthorityFile { get; set; }

    /// <summary>Who signs in at the mail server; null: nobody does.</summary>
    public string? Username { get; set; }

    /// <summary>The password of <see cref="Username"/>. Never shown.</summary>
    public string? Password { get; set; }

    /// <summary>The sender's address.</summary>
    public string? From { get; set; }

    /// <summary>Who gets the mails, 1 to 50 addresses.</summary>
    public IList<string> To { get; } = [];

    /// <summary>Alerts below it are not sent.</summary>
    /// <value>Default: Low, so all are.</value>
    public EventSeverity MinimumSeverity { get; set; } = EventSeverity.Low;

    internal int PortOrDefault => Port ?? Security switch
    {
        AlertEmailSecurity.StartTls => 587,
        AlertEmailSecurity.Tls => 465,
        _ => 25,
    };
}

/// <summary>How the way to the mail server is kept from others.</summary>
public enum AlertEmailSecurity
{
    /// <summary>The connection begins plain and goes on by TLS; a server that does not offer that gets no mail.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    /// <summary>None: alerts are readable on the way. For a relay on the same machine.</summary>
    None,
}
