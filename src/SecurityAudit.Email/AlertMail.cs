using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using MimeKit;
using SecurityAudit.Journal;

namespace SecurityAudit.Email;

/// <summary>
/// One delivery as a message: text and HTML, nothing that is fetched, nothing that an attacker chose but as text. The mails about one attack
/// are one thread.
/// </summary>
internal static class AlertMail
{
    private const int LongestSubject = 180;
    private const string Fallback = "security-audit.invalid";

    public static MimeMessage Of(AlertDelivery delivery, AlertEmailOptions options, DateTimeOffset now)
    {
        var from = MailboxAddress.Parse(options.From!);
        var message = new MimeMessage { Date = now, Subject = Subject(delivery), MessageId = MessageId(delivery, from) };
        message.From.Add(from);
        message.To.AddRange(options.To.Select(MailboxAddress.Parse));
        if (delivery.Alert is { Stage: not AlertStage.Raised } alert)
        {
            var raised = $"{Token(alert.Id)}.raised@{Domain(from)}";
            message.InReplyTo = raised;
            message.References.Add(raised);
        }

        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Headers.Add("X-Auto-Response-Suppress", "All");
        message.Importance = delivery.Severity >= EventSeverity.High ? MessageImportance.High : MessageImportance.Normal;
        message.Body = new MultipartAlternative
        {
            new TextPart("plain") { Text = Text(delivery) },
            new TextPart("html") { Text = Html(delivery) },
        };
        return message;
    }

    /// <summary>Without the sentence, so that the mails of one thread have one subject: some programs join them by that.</summary>
    private static string Subject(AlertDelivery delivery)
    {
        if (delivery.Alert is not { } alert)
        {
            return VisibleText.Of(delivery.Title);
        }

        var subject = $"[{(delivery.IsTest ? "TEST" : alert.Gravity)}] {alert.RuleName}{(alert.Group is { } group ? ": " + group : "")}";
        subject = VisibleText.Of(subject.Length <= LongestSubject ? subject : subject[..LongestSubject] + "…");
        return alert.Stage == AlertStage.Raised ? subject : "Re: " + subject;
    }

    private static string MessageId(AlertDelivery delivery, MailboxAddress from) => delivery.Alert switch
    {
        { Stage: AlertStage.Raised } alert => $"{Token(alert.Id)}.raised@{Domain(from)}",
        { } alert => $"{Token(alert.Id)}.{(alert.Stage == AlertStage.Summary ? "summary" : "resolved")}.{Token(delivery.Id)}@{Domain(from)}",
        null => $"{Token(delivery.Id)}@{Domain(from)}",
    };

    private static string Text(AlertDelivery delivery)
    {
        var text = new StringBuilder();
        if (delivery.IsTest)
        {
            text.Append(TestNote).Append("\r\n\r\n");
        }

        text.Append(VisibleText.Of(delivery.Sentence)).Append("\r\n\r\n");
        foreach (var (name, value) in delivery.Facts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{VisibleText.Of(name)}: {VisibleText.Of(value)}\r\n");
        }

        return text.ToString();
    }

    private static string Html(AlertDelivery delivery)
    {
        var html = new StringBuilder("<!DOCTYPE html><html><body style=\"font-family:sans-serif\">");
        if (delivery.IsTest)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p><b>{Encoded(TestNote)}</b></p>");
        }

        html.Append(CultureInfo.InvariantCulture, $"<h2>{Encoded(delivery.Title)}</h2><p>{Encoded(delivery.Sentence)}</p><table>");
        foreach (var (name, value) in delivery.Facts)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td style=\"vertical-align:top;padding-right:1em\"><b>{Encoded(name)}</b></td><td>{Encoded(value)}</td></tr>");
        }

        return html.Append("</table></body></html>").ToString();
    }

    private const string TestNote = "This is a test of the channel. Nothing has happened.";

    private static string Encoded(string text) => HtmlEncoder.Default.Encode(VisibleText.Of(text));

    /// <summary>What a message's id may hold; another id becomes another text.</summary>
    private static string Token(string id) => id.Length is > 0 and <= 100 && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
        ? id
        : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16));

    private static string Domain(MailboxAddress from) =>
        from.Domain is { Length: > 0 } domain && domain.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.') ? domain : Fallback;
}
