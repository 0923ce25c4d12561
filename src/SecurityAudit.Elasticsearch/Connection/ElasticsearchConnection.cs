using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace SecurityAudit.Elasticsearch.Connection;

/// <summary>Asks one node, and the next one when it does not answer. Holds its connections for its lifetime; safe for any thread.</summary>
/// <remarks>
/// Fails with <see cref="NoResponseException"/> when no whole answer came (the caller decides whether to ask again), and never for a
/// status: what a status means is the caller's business. Redirects are not followed: they would carry the credentials elsewhere.
/// </remarks>
internal sealed class ElasticsearchConnection : IDisposable
{
    private const int CompressAbove = 4 * 1024;
    private const int LongestResponse = 16 * 1024 * 1024;

    private readonly HttpClient _client;
    private readonly IReadOnlyList<Uri> _nodes;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly bool _compress;
    private readonly Fingerprint? _pin;
    private int _node;
    private int _failures;
    private string? _refusedCertificate;

    public ElasticsearchConnection(ElasticsearchOptions options, TimeProvider? time = null)
    {
        _nodes = Nodes.Of(options);
        _authorization = Credentials.Authorization(options);
        _time = time ?? TimeProvider.System;
        _timeout = options.RequestTimeout;
        _compress = options.Compress;
        _pin = options.Fingerprint is { Length: > 0 } pin ? Fingerprint.TryParse(pin) : null;
        _client = new HttpClient(Handler(options)) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LongestResponse };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("SecurityAudit", "1"));
    }

    /// <summary>The node that is asked now.</summary>
    public Uri Node => _nodes[Volatile.Read(ref _node) % _nodes.Count];

    /// <summary>Sends a request with a JSON body, or none.</summary>
    public Task<Response> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> json = default, CancellationToken cancellationToken = default) =>
        SendAsync(method, path, json, "application/json", cancellationToken);

    /// <summary>Sends a <c>_bulk</c> or <c>_msearch</c> body.</summary>
    public Task<Response> SendLinesAsync(string path, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, path, lines, "application/x-ndjson", cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<Response> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, string type, CancellationToken cancellationToken)
    {
        var index = Volatile.Read(ref _node);
        var node = _nodes[index % _nodes.Count];
        using var request = new HttpRequestMessage(method, new Uri(node, path));
        request.Headers.Authorization = _authorization;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (!body.IsEmpty)
        {
            request.Content = Content(body, type);
        }

        using var patience = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var response = await _client.SendAsync(request, either.Token);
            var answer = new Response(
                (int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(either.Token), RetryAfter(response.Headers.RetryAfter),
                IsElasticsearch(response));
            Interlocked.Exchange(ref _failures, 0);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NoResponse(index, $"{node} gave no answer within {_timeout}.", refused: false);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw NoResponse(index, $"{node} cannot be asked: {Why(error)}.", IsRefused(error), error);
        }
    }

    private static bool IsElasticsearch(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-elastic-product", out var product) && product.Contains("Elasticsearch", StringComparer.Ordinal);

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? header?.Date - _time.GetUtcNow();
        return wait is { } some && some > TimeSpan.Zero ? some : null;
    }

    private ReadOnlyMemoryContent Content(ReadOnlyMemory<byte> body, string type)
    {
        var compressed = _compress && body.Length > CompressAbove;
        var content = new ReadOnlyMemoryContent(compressed ? Gzip(body) : body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (compressed)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return content;
    }

    private static ReadOnlyMemory<byte> Gzip(ReadOnlyMemory<byte> body)
    {
        using var packed = new MemoryStream(body.Length / 4);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }

    private NoResponseException NoResponse(int index, string message, bool refused, Exception? error = null)
    {
        // Only the first of several requests that fail on one node moves on from it.
        Interlocked.CompareExchange(ref _node, index + 1, index);
        var failures = Interlocked.Increment(ref _failures);
        return new NoResponseException(message, failures % _nodes.Count != 0, refused, error);
    }

    private string Why(Exception error)
    {
        if (Interlocked.Exchange(ref _refusedCertificate, null) is { } refused)
        {
            return refused;
        }

        var innermost = error;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return innermost.Message.TrimEnd('.');
    }

    private static bool IsRefused(Exception error) =>
        error is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
        || error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    private SocketsHttpHandler Handler(ElasticsearchOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a changed DNS entry is noticed
            ConnectTimeout = TimeSpan.FromSeconds(10) < options.RequestTimeout ? TimeSpan.FromSeconds(10) : options.RequestTimeout,
        };
        if (options.Proxy is { Length: > 0 } proxy)
        {
            handler.Proxy = new WebProxy(new Uri(proxy));
        }

        if (ClientCertificate(options) is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        if (_pin is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = IsAccepted;
        }

        return handler;
    }

    private bool IsAccepted(object sender, X509Certificate? served, X509Chain? chain, SslPolicyErrors errors)
    {
        var refused = served is X509Certificate2 certificate ? _pin!.Refuses(certificate, chain, errors) : "it served no certificate";
        if (refused is not null)
        {
            Volatile.Write(ref _refusedCertificate, refused);
        }

        return refused is null;
    }

    private static X509Certificate2? ClientCertificate(ElasticsearchOptions options)
    {
        if (options.ClientCertificate is not null || options.ClientCertificateFile is not { Length: > 0 } file)
        {
            return options.ClientCertificate;
        }

        if (X509Certificate2.GetCertContentType(file) is X509ContentType.Pkcs12)
        {
            return X509CertificateLoader.LoadPkcs12FromFile(file, options.ClientCertificatePassword);
        }

        using var pem = options.ClientCertificatePassword is { Length: > 0 } password
            ? X509Certificate2.CreateFromEncryptedPemFile(file, password)
            : X509Certificate2.CreateFromPemFile(file);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null); // Windows cannot use a key that is in memory only
    }
}
