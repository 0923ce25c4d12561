using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch.Tests;

/// <summary>One Elasticsearch with its security and TLS on, and a certificate that it signed itself.</summary>
public sealed class SecuredEngine : IAsyncLifetime
{
    public const string Password = "Correct-Horse-7";

    private readonly TemporaryFolder _folder = new();
    private EngineProcess? _engine;

    /// <summary>Its address; skips the test where none can be had.</summary>
    public string Url
    {
        get
        {
            Engines.SkipWithoutOwnEngine();
            return $"https://127.0.0.1:{_engine!.Url.Port}";
        }
    }

    public string Folder => _folder.Path;

    public string Fingerprint { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (EngineProcess.Missing is not null)
        {
            return; // each test says so
        }

        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=elastic.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        var (certificateFile, keyFile) = (Path.Combine(_folder.Path, "http.crt"), Path.Combine(_folder.Path, "http.key"));
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem());
        _engine = await EngineProcess.StartAsync(
            Engines.Elasticsearch, data: null, "--password", Password, "xpack.security.http.ssl.enabled=true",
            $"xpack.security.http.ssl.certificate={certificateFile}", $"xpack.security.http.ssl.key={keyFile}");
        await KnowsItsUserAsync(new Uri(Url), Password, Fingerprint);
    }

    /// <summary>An engine that has just started answers before it knows its users.</summary>
    internal static async Task KnowsItsUserAsync(Uri url, string password, string? fingerprint = null)
    {
        var options = Some.Options(url);
        (options.Username, options.Password, options.Fingerprint) = ("elastic", password, fingerprint);
        using var connection = new ElasticsearchConnection(options);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await connection.SendAsync(HttpMethod.Get, "", cancellationToken: bound.Token)).IsSuccess)
        {
            await Task.Delay(100, bound.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        _folder.Dispose();
    }
}
