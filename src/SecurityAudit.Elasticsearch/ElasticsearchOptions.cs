using System.Security.Cryptography.X509Certificates;

namespace SecurityAudit.Elasticsearch;

/// <summary>The section <c>SecurityAudit:Elasticsearch</c>; validated when the host starts, every fault in one message.</summary>
public sealed class ElasticsearchOptions
{
    /// <summary>The node's address, or those of several, separated by commas; the next is asked when one does not answer.</summary>
    public string? Url { get; set; }

    /// <summary>Elastic Cloud's name of a deployment, instead of <see cref="Url"/>.</summary>
    public string? CloudId { get; set; }

    /// <summary>The API key, as <c>encoded</c> in Elasticsearch's answer or as <c>id:api_key</c>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The user, where there is no API key.</summary>
    public string? Username { get; set; }

    /// <summary>The user's password.</summary>
    public string? Password { get; set; }

    /// <summary>The client's certificate with its key: a PKCS#12 file, or a PEM file that holds both.</summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>The password of <see cref="ClientCertificateFile"/>.</summary>
    public string? ClientCertificatePassword { get; set; }

    /// <summary>The client's certificate, from a store or a vault; only code can set it.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>The SHA-256 fingerprint, in hexadecimal, of the server's certificate or of the authority that issued it: what
    /// Elasticsearch prints at its first start. With it, no other certificate is accepted, and no public authority is asked.</summary>
    public string? Fingerprint { get; set; }

    /// <summary>Sends an API key or a password over plain <c>http://</c> to another machine too, where everybody on the way can read and
    /// use it. To the loopback address it may always go.</summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>The proxy; null: the system's.</summary>
    public string? Proxy { get; set; }

    /// <summary>Sends bodies above 4 KiB with gzip, whose check sum also catches bytes that a network changed.</summary>
    public bool Compress { get; set; } = true;

    /// <summary>Which server answers; <see cref="ElasticsearchDistribution.Auto"/> asks it.</summary>
    public ElasticsearchDistribution Distribution { get; set; }

    /// <summary>Where events are stored; the README weighs the two.</summary>
    public ElasticsearchLayout Layout { get; set; }

    /// <summary>How much time one index holds under <see cref="ElasticsearchLayout.IndexPerPeriod"/>.</summary>
    public ElasticsearchPeriod Period { get; set; } = ElasticsearchPeriod.Month;

    /// <summary>
    /// The last part of the data stream's name, e.g. <c>production</c>: lower case letters, digits, dots and underscores.
    /// </summary>
    public string Namespace { get; set; } = "default";

    /// <summary>The most events in one request, 1 to 10,000.</summary>
    public int BatchEvents { get; set; } = 1000;

    /// <summary>The most bytes in one request, before gzip, 128 KiB to 64 MiB.</summary>
    public int BatchBytes { get; set; } = 5 * 1024 * 1024;

    /// <summary>How long a batch waits to become full, up to one minute.</summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long an answer may take, one second to ten minutes. What happened to the request is unknown then, and it is sent again.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The first bound of the random wait after a failure; it doubles with each.</summary>
    public TimeSpan MinBackoff { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The last bound of the random wait after a failure.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// After this time without progress, while events wait, an event <c>audit_shipping_stalled</c> is recorded and the health check fails.
    /// </summary>
    public TimeSpan StalledAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often the latest checkpoint is put into its own index, at most; zero: never.</summary>
    public TimeSpan AnchorInterval { get; set; } = TimeSpan.FromMinutes(1);
}
