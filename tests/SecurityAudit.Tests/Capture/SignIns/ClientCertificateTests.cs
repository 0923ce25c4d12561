using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.Certificate;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Tests.Capture.SignIns;

/// <summary>Certificates of clients, with Kestrel and TLS on loopback.</summary>
public sealed class ClientCertificateTests
{
    private static X509Certificate2 Made(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static Task<RecordedApp> Start(X509Certificate2 server, CertificateTypes accepted) => RecordedApp.Start(
        web => web.MapGet("/", () => "in").RequireAuthorization(),
        build: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(https =>
        {
            https.ServerCertificate = server;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        }))),
        buildAfter: builder =>
        {
            builder.Services.AddAuthorization();
            builder.Services.AddAuthentication(CertificateAuthenticationDefaults.AuthenticationScheme).AddCertificate(options =>
            {
                options.AllowedCertificateTypes = accepted;
                options.RevocationMode = X509RevocationMode.NoCheck;
                options.ValidateCertificateUse = false;
            });
        });

    private static async Task<HttpStatusCode> Get(RecordedApp app, X509Certificate2 server, X509Certificate2 own)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.ClientCertificates = [own];
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => own;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == server.GetCertHashString();
        using var client = new HttpClient(handler) { BaseAddress = app.Client.BaseAddress };
        return (await client.GetAsync("/")).StatusCode;
    }

    [Fact]
    public async Task ACertificateWhoseChainIsRefusedIsRecordedAsTheHashOfItsThumbprint()
    {
        using var server = Made("localhost");
        using var own = Made("hunter2");
        await using var app = await Start(server, CertificateTypes.Chained);

        Assert.Equal(HttpStatusCode.Forbidden, await Get(app, server, own));

        var refused = await app.Event("authn_credential_invalid");
        Assert.Equal("Certificate", refused.Text("security_audit.authn.scheme"));
        Assert.NotNull(refused.Text("security_audit.authn.credential_hash"));
        Assert.DoesNotContain(own.Thumbprint, refused.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ACertificateThatIsAcceptedIsNoFailure()
    {
        using var server = Made("localhost");
        using var own = Made("partner");
        await using var app = await Start(server, CertificateTypes.All);

        Assert.Equal(HttpStatusCode.OK, await Get(app, server, own));

        await app.Audit.RecordAsync(Some.Event("after"));
        Assert.Empty(await app.Events("authn_credential_invalid"));
        Assert.Empty(await app.Events("authz_fail"));
    }
}
