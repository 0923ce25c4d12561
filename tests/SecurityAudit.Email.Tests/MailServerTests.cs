using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecurityAudit.Alerts;
using SecurityAudit.Journal.Tests;

namespace SecurityAudit.Email.Tests;

/// <summary>Against Debian's Postfix.</summary>
public sealed class MailServerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-mail-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(AlertEmailSecurity.StartTls)]
    [InlineData(AlertEmailSecurity.Tls)]
    public async Task ARealMailServerReceivesTheMailOverTls(AlertEmailSecurity security)
    {
        using var server = new Postfix();

        await Some.Sink(Some.Options(Port(server, security), security, server.Authority)).DeliverAsync(Some.Delivery(), TestContext.Current.CancellationToken);

        var mail = Assert.Single(server.Mails(1));
        Assert.Equal("a-1.raised@shop.example", mail.MessageId);
        Assert.Equal("[High] Password spraying: 203.0.113.7", mail.Subject);
        Assert.Contains("Block that address.", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains(mail.Headers, header => header.Field == "Received" && header.Value.Contains("ESMTPS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AlertEmailSecurity.StartTls)]
    [InlineData(AlertEmailSecurity.Tls)]
    public async Task ACertificateForAnotherNameIsRefusedAndNothingIsSent(AlertEmailSecurity security)
    {
        using var server = new Postfix(certificateFor: "other.example");

        var refused = await Assert.ThrowsAsync<AlertDeliveryException>(() =>
            Some.Sink(Some.Options(Port(server, security), security, server.Authority)).DeliverAsync(Some.Delivery(), TestContext.Current.CancellationToken));

        Assert.Contains("is not believed: it is for another name. Expected one for 'localhost' of a trusted authority.", refused.Message, StringComparison.Ordinal);
        Assert.False(server.HasMail);
    }

    [Theory]
    [InlineData(AlertEmailSecurity.StartTls)]
    [InlineData(AlertEmailSecurity.Tls)]
    public async Task ACertificateOfAnAuthorityThatNobodyTrustsIsRefusedAndNothingIsSent(AlertEmailSecurity security)
    {
        using var server = new Postfix();

        var refused = await Assert.ThrowsAsync<AlertDeliveryException>(() =>
            Some.Sink(Some.Options(Port(server, security), security)).DeliverAsync(Some.Delivery(), TestContext.Current.CancellationToken));

        Assert.Contains("no authority that is trusted vouches for it", refused.Message, StringComparison.Ordinal);
        Assert.False(server.HasMail);
    }

    [Fact]
    public async Task AServerThatDoesNotOfferStartTlsGetsNoMailUnlessThatWasChosen()
    {
        using var server = new Postfix();

        var refused = await Assert.ThrowsAsync<AlertDeliveryException>(() =>
            Some.Sink(Some.Options(server.Plain, authority: server.Authority)).DeliverAsync(Some.Delivery(), TestContext.Current.CancellationToken));
        Assert.Contains("does not offer STARTTLS, so nothing was sent.", refused.Message, StringComparison.Ordinal);
        Assert.False(server.HasMail);

        await Some.Sink(Some.Options(server.Plain, AlertEmailSecurity.None)).DeliverAsync(Some.Delivery(), TestContext.Current.CancellationToken);
        Assert.Single(server.Mails(1));
    }

    [Fact]
    public async Task ARecipientThatTheServerRefusesKeepsNobodyElseFromTheMail()
    {
        using var server = new Postfix();
        var options = Some.Options(server.StartTls, authority: server.Authority);
        options.To.Insert(0, "nobody@elsewhere.example");

        await Some.Sink(options).DeliverAsync(Some.Delivery(), TestContext.Current.CancellationToken);
        Assert.Single(server.Mails(1));

        options.To.RemoveAt(1);
        var refused = await Assert.ThrowsAsync<AlertDeliveryException>(() => Some.Sink(options).DeliverAsync(Some.Delivery(), TestContext.Current.CancellationToken));
        Assert.StartsWith($"localhost:{server.StartTls} ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePasswordIsInNoMessage()
    {
        using var server = new Postfix();
        var options = Some.Options(server.StartTls, authority: server.Authority);
        (options.Username, options.Password) = ("audit", "hunter2");

        var refused = await Assert.ThrowsAsync<AlertDeliveryException>(() => Some.Sink(options).DeliverAsync(Some.Delivery(), TestContext.Current.CancellationToken));

        Assert.Equal($"localhost:{server.StartTls} offers no way to sign in that can be used.", refused.Message);
        Assert.False(server.HasMail);
    }

    [Fact]
    public async Task AMailServerThatIsDownGetsTheMailOnceItIsBack()
    {
        using var server = new Postfix();
        server.Stop();
        await using var app = await Start(server);
        app.Services.GetRequiredService<ISecurityAudit>().Record(
            new SecurityEvent("alert_brute_force", ["intrusion_detection"], ["info"]) { Kind = "alert", Severity = EventSeverity.High, Message = "Told after the outage." });
        var channels = app.Services.GetRequiredService<AlertChannels>();
        Eventually.True(() => channels.Status.Single().Status.Problem is not null, "an attempt that failed");
        Assert.StartsWith($"localhost:{server.StartTls} could not be reached", channels.Status.Single().Status.Problem, StringComparison.Ordinal);

        server.Start();

        var mail = Assert.Single(server.Mails(1));
        Assert.Contains("Told after the outage.", mail.TextBody, StringComparison.Ordinal);
        Eventually.True(() => channels.Status.Single().Status is { FailingSince: null, Delivered: 1 }, "a channel that does well");
    }

    [Fact]
    public async Task WhatIsNoMailServerIsSaidToBeNone()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var other = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("HTTP/1.1 400 hunter2\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<AlertDeliveryException>(() =>
            Some.Sink(Some.Options(port, AlertEmailSecurity.None)).DeliverAsync(Some.Delivery(), TestContext.Current.CancellationToken));

        Assert.Equal($"localhost:{port} does not answer as a mail server does.", refused.Message);
        await other;
    }

    private async Task<WebApplication> Start(Postfix server)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder.FullName });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SecurityAudit:Alerts:Email:Host"] = "localhost",
            ["SecurityAudit:Alerts:Email:Port"] = $"{server.StartTls}",
            ["SecurityAudit:Alerts:Email:AuthorityFile"] = server.Authority,
            ["SecurityAudit:Alerts:Email:From"] = "audit@shop.example",
            ["SecurityAudit:Alerts:Email:To:0"] = "oncall@shop.example",
        });
        builder.AddSecurityAudit();
        var app = builder.Build();
        await app.StartAsync();
        return app;
    }

    private static int Port(Postfix server, AlertEmailSecurity security) => security == AlertEmailSecurity.Tls ? server.Tls : server.StartTls;
}
