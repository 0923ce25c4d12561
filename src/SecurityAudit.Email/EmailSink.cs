using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace SecurityAudit.Email;

/// <summary>
/// Hands each delivery to a mail server. Delivered is what the server takes for one recipient at least; those that it refuses are said in
/// the log. Nothing of what the server writes is shown, only its codes.
/// </summary>
internal sealed partial class EmailSink(AlertEmailOptions options, TimeProvider time, ILogger logger) : IAlertSink
{
    public string Name => options.Name;

    public EventSeverity MinimumSeverity => options.MinimumSeverity;

    private string Server => $"{options.Host}:{options.PortOrDefault}";

    public async Task DeliverAsync(AlertDelivery delivery, CancellationToken cancellationToken)
    {
        var message = AlertMail.Of(delivery, options, time.GetUtcNow());
        var certificate = new ServerCertificate(options.AuthorityFile);
        using var client = new Client
        {
            ServerCertificateValidationCallback = certificate.Fits,
            CheckCertificateRevocation = false, // as HttpClient; an authority of one's own has no such service
        };
        try
        {
            await client.ConnectAsync(options.Host!, options.PortOrDefault, Security, cancellationToken);
            if (options.Username is { } user)
            {
                await client.AuthenticateAsync(user, options.Password!, cancellationToken);
            }

            await client.SendAsync(message, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw Told(failure, certificate, client.IsSecure);
        }

        if (client.Refused > 0)
        {
            Log.Refused(logger, Server, client.Refused, options.To.Count);
        }

        await LeaveAsync(client, cancellationToken);
    }

    private SecureSocketOptions Security => options.Security switch
    {
        AlertEmailSecurity.StartTls => SecureSocketOptions.StartTls,
        AlertEmailSecurity.Tls => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.None,
    };

    /// <summary>The server has the mail: how the goodbye goes is no matter.</summary>
    private static async Task LeaveAsync(Client client, CancellationToken cancellationToken)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or SmtpProtocolException or SmtpCommandException or OperationCanceledException or SocketException)
        {
            return;
        }
    }

    private AlertDeliveryException Told(Exception failure, ServerCertificate certificate, bool isSecure) => failure switch
    {
        SslHandshakeException when certificate.Fault is { } fault => new AlertDeliveryException(
            $"The certificate of {Server} is not believed: {fault}. Expected one for '{options.Host}' of a trusted authority. "
            + "Name the host as its certificate does, or its authority in AuthorityFile.", failure),
        SslHandshakeException => new AlertDeliveryException($"{Server} did not agree on TLS. See whether the port is the one for {options.Security}.", failure),
        NotSupportedException when options.Security == AlertEmailSecurity.StartTls && !isSecure => new AlertDeliveryException(
            $"{Server} does not offer STARTTLS, so nothing was sent. Set Security to Tls where the port expects TLS from the first byte.", failure),
        AuthenticationException => new AlertDeliveryException($"{Server} refused the user or the password.", failure),
        NotSupportedException => new AlertDeliveryException($"{Server} offers no way to sign in that can be used.", failure),
        SmtpCommandException command => new AlertDeliveryException($"{Server} answered {(int)command.StatusCode} ({command.ErrorCode}), expected 2xx.", failure)
        {
            IsRefusal = command.ErrorCode == SmtpErrorCode.MessageNotAccepted && (int)command.StatusCode >= 500,
        },
        SmtpProtocolException => new AlertDeliveryException($"{Server} does not answer as a mail server does.", failure),
        SocketException socket => new AlertDeliveryException($"{Server} could not be reached: {socket.SocketErrorCode}.", failure),
        IOException => new AlertDeliveryException($"The connection to {Server} broke.", failure),
        _ => new AlertDeliveryException($"The mail could not be sent by {Server}: {failure.GetType().Name}.", failure),
    };

    /// <summary>One address that is refused keeps nobody else from the mail.</summary>
    private sealed class Client : SmtpClient
    {
        public int Refused { get; private set; }

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => Refused++;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Server} refused {Refused} of {Count} recipients of alerts (SecurityAudit:Alerts:Email:To); the others have the mail.")]
        public static partial void Refused(ILogger logger, string server, int refused, int count);
    }
}
