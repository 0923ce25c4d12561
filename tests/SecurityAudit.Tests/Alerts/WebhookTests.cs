using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Alerts;
using SecurityAudit.Journal.Tests;

namespace SecurityAudit.Tests.Alerts;

public sealed class WebhookTests
{
    private const string Secret = "0123456789abcdef-hunter2";

    private static WebhookSink Sink(Uri url, AlertWebhookShape shape = AlertWebhookShape.Json, bool allowPrivate = true, SocketsHttpHandler? transport = null) =>
        new(
            "hook",
            new AlertWebhookOptions { Url = url.AbsoluteUri, Secret = Secret, Shape = shape, AllowPrivateAddresses = allowPrivate, AllowPlainHttp = true },
            TimeProvider.System,
            transport);

    private static async Task<AlertDeliveryException> Refused(WebhookSink sink, TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(20));
        var refused = await Assert.ThrowsAsync<AlertDeliveryException>(() => sink.DeliverAsync(SomeAlert.Delivery(), limit.Token));
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
        return refused;
    }

    [Fact]
    public async Task AWebhooksSignatureIsWhatOpensslMakesOfTimeAndBody()
    {
        await using var receiver = await Receiver.Start();
        using var sink = Sink(receiver.Url);
        await sink.DeliverAsync(SomeAlert.Delivery(), TestContext.Current.CancellationToken);

        var (headers, body) = Assert.Single(receiver.Got);
        var parts = headers["SecurityAudit-Signature"].ToString().Split(',').ToDictionary(part => part[..part.IndexOf('=')], part => part[(part.IndexOf('=') + 1)..]);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(long.Parse(parts["t"], System.Globalization.CultureInfo.InvariantCulture), now - 120, now + 1);
        Assert.Equal("event-of-a-1", headers["Idempotency-Key"].ToString());
        Assert.Equal(parts["v1"], await Openssl(parts["t"], body));
    }

    private static async Task<string> Openssl(string time, byte[] body)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, [.. Encoding.ASCII.GetBytes(time + "."), .. body], TestContext.Current.CancellationToken);
            using var openssl = StartOrSkip(file);
            var said = await openssl.Process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, await openssl.ExitCodeAsync());
            return said.Trim().Split(' ')[^1];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static DriverProcess StartOrSkip(string file)
    {
        try
        {
            return DriverProcess.StartProgram("openssl", "dgst", "-sha256", "-hmac", Secret, file);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("openssl is not there.");
            throw;
        }
    }

    [Fact]
    public void TheJsonShapeHasAllThatIsKnownOfTheAlert()
    {
        using var json = JsonDocument.Parse(WebhookBody.Of(SomeAlert.Delivery(SomeAlert.Notification("say \"hi\" <b>")), AlertWebhookShape.Json));

        Assert.Equal("alert", json.RootElement.Text("type"));
        Assert.Equal("event-of-a-1", json.RootElement.Text("id"));
        var alert = json.RootElement.GetProperty("alert");
        Assert.Equal("say \"hi\" <b>", alert.Text("sentence"));
        Assert.Equal(("a-1", "raised", "high", "7"), (alert.Text("id")!, alert.Text("stage")!, alert.Text("severity")!, alert.Text("sequence")!));
        Assert.Equal("Block that address.", alert.Text("advice"));
    }

    [Theory]
    [InlineData(AlertWebhookShape.Slack)]
    [InlineData(AlertWebhookShape.Teams)]
    public void NothingThatAnAttackerChoseIsMarkupForSlackOrTeams(AlertWebhookShape shape)
    {
        const string hostile = "<!channel> <https://evil.example|click> [click](https://evil.example) *bold*\n# x";
        using var json = JsonDocument.Parse(WebhookBody.Of(SomeAlert.Delivery(SomeAlert.Notification(hostile)), shape));

        if (shape == AlertWebhookShape.Slack)
        {
            Assert.DoesNotContain('<', json.RootElement.Text("text")!);
            Assert.All(json.RootElement.GetProperty("blocks").EnumerateArray(), block => Assert.Equal("plain_text", block.GetProperty("text").Text("type")));
        }
        else
        {
            var card = json.RootElement.GetProperty("attachments")[0].GetProperty("content");
            Assert.Equal("AdaptiveCard", card.Text("type"));
            Assert.All(card.GetProperty("body").EnumerateArray(), block =>
            {
                Assert.Equal("RichTextBlock", block.Text("type"));
                Assert.All(block.GetProperty("inlines").EnumerateArray(), run => Assert.Equal("TextRun", run.Text("type")));
            });
        }

        Assert.Contains("evil.example", json.RootElement.GetRawText(), StringComparison.Ordinal); // it is told, as text
    }

    [Fact]
    public void TheWorstThatARuleCanSayFitsIntoSlackAndTeams()
    {
        var endless = new string('x', 100_000);
        var delivery = SomeAlert.Delivery(SomeAlert.Notification(endless) with
        {
            RuleName = endless, Advice = endless, Query = endless, Command = endless, RuleDescription = endless, HostName = endless, Technique = endless,
        });

        Assert.InRange(WebhookBody.Of(delivery, AlertWebhookShape.Teams).Length, 1, 28 * 1024);
        using var slack = JsonDocument.Parse(WebhookBody.Of(delivery, AlertWebhookShape.Slack));
        Assert.InRange(slack.RootElement.GetProperty("blocks").GetArrayLength(), 2, 50);
        Assert.All(slack.RootElement.GetProperty("blocks").EnumerateArray(), block =>
            Assert.InRange(block.GetProperty("text").Text("text")!.Length, 1, block.Text("type") == "header" ? 150 : 3000));
    }

    [Theory]
    [InlineData(500, false, "127.0.0.1 answered 500, expected 2xx.")]
    [InlineData(400, true, "127.0.0.1 answered 400, expected 2xx.")]
    [InlineData(404, false, "127.0.0.1 answered 404, expected 2xx. See whether the address is still the one that the receiver gave out.")]
    public async Task AnAnswerOtherThan2xxIsNoDelivery(int status, bool isRefusal, string expected)
    {
        await using var receiver = await Receiver.Start(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync($"no such hook: {context.Request.Path}");
        });
        using var sink = Sink(receiver.Url);

        var refused = await Refused(sink);

        Assert.Equal(expected, refused.Message);
        Assert.Equal(isRefusal, refused.IsRefusal);
    }

    [Fact]
    public async Task ARedirectIsNotFollowed()
    {
        await using var elsewhere = await Receiver.Start();
        await using var receiver = await Receiver.Start(context =>
        {
            context.Response.Redirect(elsewhere.Url.AbsoluteUri, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        using var sink = Sink(receiver.Url);

        var refused = await Refused(sink);

        Assert.StartsWith("127.0.0.1 answered 307, expected 2xx. It wants to send the alert elsewhere", refused.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Got);
    }

    [Fact]
    public async Task AReceiverWhoseCertificateNobodyTrustsGetsNothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var receiver = await Receiver.Start(certificate: certificate);
        using var sink = Sink(receiver.Url);

        Assert.Equal("127.0.0.1 could not be reached or did not answer as HTTP: SecureConnectionError.", (await Refused(sink)).Message);
        Assert.Empty(receiver.Got);
    }

    [Fact]
    public async Task AnAnswerWithoutEndIsNotRead()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var receiver = Task.Run(async () =>
        {
            using var client = await listener.AcceptSocketAsync();
            await client.ReceiveAsync(new byte[64 * 1024]);
            await client.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"u8.ToArray());
            var (block, sent) = (new byte[64 * 1024], 0L);
            try
            {
                while (sent < 1 << 30)
                {
                    sent += await client.SendAsync(block);
                }
            }
            catch (SocketException)
            {
                // The sink has gone: it had read enough.
            }

            return sent;
        }, TestContext.Current.CancellationToken);
        using var sink = Sink(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));

        await sink.DeliverAsync(SomeAlert.Delivery(), TestContext.Current.CancellationToken);

        Assert.InRange(await receiver, 64 * 1024, 32 * 1024 * 1024); // what the buffers of both sides take, some ten mebibytes at most
    }

    [Fact]
    public async Task AReceiverThatNeverAnswersIsWaitedForNoLongerThanTheTimeout()
    {
        await using var receiver = await Receiver.Start(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var sink = Sink(receiver.Url);
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sink.DeliverAsync(SomeAlert.Delivery(), limit.Token));
    }

    [Fact]
    public async Task WhatIsNotHttpIsNoDeliveryAndIsNotShown()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var garbage = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            await stream.WriteAsync("hunter2 \u001b[2J is not HTTP\r\n\r\n"u8.ToArray());
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null);
        }, TestContext.Current.CancellationToken);
        using var sink = Sink(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/hunter2"));

        var refused = await Refused(sink);

        Assert.Equal("127.0.0.1 could not be reached or did not answer as HTTP: InvalidResponse.", refused.Message);
        sink.Dispose();
        await garbage;
    }

    [Fact]
    public async Task RetryAfterIsHonouredWithinTenMinutes()
    {
        await using var receiver = await Receiver.Start(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7200";
            return Task.CompletedTask;
        });
        using var sink = Sink(receiver.Url);

        var asked = (await Refused(sink)).RetryAfter;

        Assert.Equal(TimeSpan.FromHours(2), asked);
        Assert.Equal(TimeSpan.FromMinutes(10), new DeliveryBackoff(() => 0.5).Next(asked));
        Assert.Equal(TimeSpan.FromSeconds(3), new DeliveryBackoff(() => 0.5).Next(TimeSpan.FromSeconds(3)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001::1")]
    public async Task AnAddressThatIsNotPublicIsRefusedHoweverItIsWrittenOrResolved(string address)
    {
        var connections = 0;
        using var sink = Sink(new Uri("http://hooks.example/hunter2"), allowPrivate: false, transport: WebhookTransport.Create(allowPrivate: false, (_, _) =>
        {
            connections++;
            return Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]);
        }));

        var refused = await Refused(sink);

        Assert.Equal(1, connections);
        Assert.StartsWith($"hooks.example stands for {IPAddress.Parse(address)}, which is not on the public Internet", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://[::ffff:169.254.169.254]/latest")]
    public async Task AnAddressInTheUrlItselfIsRefusedLikewise(string url)
    {
        using var sink = Sink(new Uri(url), allowPrivate: false);

        Assert.Contains("which is not on the public Internet", (await Refused(sink)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("2606:4700::1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("172.32.0.1")]
    public void APublicAddressIsPublicHoweverItIsWritten(string address) => Assert.True(PublicAddresses.Contain(IPAddress.Parse(address)));

    /// <summary>The resolver is asked once for each connection: what is looked at is what is connected to.</summary>
    [Fact]
    public async Task ANameThatChangesItsAddressGetsNobodyToALoopbackService()
    {
        await using var inside = await Receiver.Start();
        var asked = 0;
        var transport = WebhookTransport.Create(allowPrivate: false, (_, _) =>
        {
            asked++;
            return Task.FromResult<IPAddress[]>(asked == 1 ? [IPAddress.Parse("10.0.0.1")] : [IPAddress.Loopback]);
        });
        using var sink = Sink(new Uri($"http://hooks.example:{inside.Url.Port}/alerts/T0/hunter2"), allowPrivate: false, transport: transport);

        await Refused(sink);
        await Refused(sink);

        Assert.Equal(2, asked);
        Assert.Empty(inside.Got);
    }
}
