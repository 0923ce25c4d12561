using MimeKit;

namespace SecurityAudit.Email.Tests;

public sealed class AlertMailTests
{
    private static MimeMessage Received(AlertDelivery delivery)
    {
        using var stream = new MemoryStream();
        AlertMail.Of(delivery, Some.Options(), Some.Moment).WriteTo(stream);
        stream.Position = 0;
        return MimeMessage.Load(stream);
    }

    [Fact]
    public void AMailIsTextAndHtmlWithAllThatIsKnownOfTheAlert()
    {
        var mail = Received(Some.Delivery());

        Assert.Equal("[High] Password spraying: 203.0.113.7", mail.Subject);
        Assert.Equal("audit@shop.example", mail.From.Mailboxes.Single().Address);
        foreach (var body in new[] { mail.TextBody, mail.HtmlBody })
        {
            Assert.Contains("Somebody at 203.0.113.7 is trying passwords.", body, StringComparison.Ordinal);
            Assert.Contains("Block that address.", body, StringComparison.Ordinal);
            Assert.Contains("line 7 of log abcdefgh", body, StringComparison.Ordinal);
        }

        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
    }

    [Fact]
    public void WhatBecameOfAnAttackAnswersTheMailThatToldIt()
    {
        var raised = Received(Some.Delivery());
        var summary = Received(Some.Delivery(Some.Alert(stage: AlertStage.Summary)));
        var resolved = Received(Some.Delivery(Some.Alert(stage: AlertStage.Resolved) with { Severity = EventSeverity.Low }));

        Assert.Equal("a-1.raised@shop.example", raised.MessageId);
        Assert.Equal(raised.MessageId, Received(Some.Delivery()).MessageId);
        Assert.Null(raised.InReplyTo);
        Assert.All([summary, resolved], mail =>
        {
            Assert.Equal(raised.MessageId, mail.InReplyTo);
            Assert.Equal([raised.MessageId!], mail.References);
            Assert.Equal("Re: " + raised.Subject, mail.Subject);
        });
        Assert.Equal(3, new[] { raised, summary, resolved }.Select(mail => mail.MessageId).Distinct().Count());
    }

    [Theory]
    [InlineData("x\r\nBcc: thief@evil.example\r\n\r\n")]
    [InlineData("x\nSubject: other")]
    [InlineData("x\0\u202e\u001b[31m")]
    [InlineData("a-1@evil> <script>")]
    [InlineData("\r\n.\r\nMAIL FROM:<thief@evil.example>\r\n")]
    public void HostileTextAddsNoHeaderAndNoCommand(string hostile)
    {
        var delivery = Some.Delivery(Some.Alert(hostile, id: hostile) with { RuleName = hostile, Group = hostile, EventId = hostile });

        var mail = Received(delivery);

        var expected = Received(Some.Delivery()).Headers.Select(header => header.Field).Order(StringComparer.Ordinal);
        Assert.Equal(expected, mail.Headers.Select(header => header.Field).Order(StringComparer.Ordinal));
        Assert.Equal(["oncall@shop.example"], mail.To.Mailboxes.Select(mailbox => mailbox.Address));
        Assert.DoesNotContain(mail.Subject!, char.IsControl);
        Assert.EndsWith("@shop.example", mail.MessageId, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n.\r\n", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public void TheHtmlFetchesNothingAndShowsMarkupAsText()
    {
        var html = Received(Some.Delivery(Some.Alert("<img src=https://evil.example/x.png onerror=alert(1)> <a href='https://evil.example'>click</a>"))).HtmlBody;

        foreach (var markup in new[] { "<img", "<a ", "<script", "src=\"", "href=\"", "url(" })
        {
            Assert.DoesNotContain(markup, html, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("&lt;img src=https://evil.example/x.png", html, StringComparison.Ordinal);
    }

    [Fact]
    public void ADigestIsOneMailWithItsRowsTheWorstFirst()
    {
        var mail = Received(new AlertDelivery
        {
            Id = "digest-a-b",
            Digest = new AlertDigest
            {
                Total = 10_000,
                Rows = [new("honeytoken", "Honeytoken", EventSeverity.Critical, 1, 0), new("brute_force", "Brute force", EventSeverity.High, 9_000, 999)],
                Worst = [Some.Alert() with { Severity = EventSeverity.Critical }],
            },
        });

        Assert.Equal("[Critical] 10000 alerts", mail.Subject);
        var text = mail.TextBody!;
        var worst = text.IndexOf("Critical: Honeytoken: 1 raised", StringComparison.Ordinal);
        Assert.InRange(worst, 0, text.IndexOf("High: Brute force: 9000 raised, 999 summaries and ends", StringComparison.Ordinal));
        Assert.Contains("Somebody at 203.0.113.7", mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public void ATestIsMarkedInTheSubjectAndInTheText()
    {
        var mail = Received(Some.Delivery() with { IsTest = true });

        Assert.StartsWith("[TEST] ", mail.Subject, StringComparison.Ordinal);
        Assert.StartsWith("This is a test of the channel. Nothing has happened.", mail.TextBody, StringComparison.Ordinal);
    }
}
