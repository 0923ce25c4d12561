using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace SecurityAudit.Alerts;

/// <summary>
/// POSTs each delivery to one address, signed. Delivered is what is answered with 2xx; of the answer no more is read than 64 KiB, and
/// nothing of it is shown, for it may repeat the address, which is a secret.
/// </summary>
internal sealed class WebhookSink(string name, AlertWebhookOptions options, TimeProvider time, SocketsHttpHandler? transport = null) : IAlertSink, IDisposable
{
    public const string IdHeader = "Idempotency-Key";
    public const int LongestAnswer = 64 * 1024;

    private readonly HttpClient _client = new(transport ?? WebhookTransport.Create(options.AllowPrivateAddresses)) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Uri _url = new(options.Url!);

    public string Name => name;

    public EventSeverity MinimumSeverity => options.MinimumSeverity;

    public async Task DeliverAsync(AlertDelivery delivery, CancellationToken cancellationToken)
    {
        var body = WebhookBody.Of(delivery, options.Shape);
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        request.Headers.TryAddWithoutValidation(IdHeader, HeaderText(delivery.Id));
        request.Headers.TryAddWithoutValidation("User-Agent", "SecurityAudit");
        if (options.Secret is { } secret)
        {
            request.Headers.TryAddWithoutValidation(WebhookSignature.Header, WebhookSignature.Of(secret, time.GetUtcNow(), body));
        }

        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                await ReadAsync(response, cancellationToken);
                return;
            }

            throw Refusal(response);
        }
        catch (HttpRequestException failure)
        {
            if (failure.InnerException is AlertDeliveryException told)
            {
                throw new AlertDeliveryException(told.Message, failure);
            }

            // Its own text may hold what the receiver wrote.
            var reason = failure.InnerException is SocketException socket ? socket.SocketErrorCode.ToString() : failure.HttpRequestError.ToString();
            throw new AlertDeliveryException($"{_url.Host} could not be reached or did not answer as HTTP: {reason}.", failure);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The receiver has the alert: whatever is wrong with the rest of its answer, or however long it is, is no matter.</summary>
    private static async Task ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var answer = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[4096];
            for (var read = 0; read < LongestAnswer;)
            {
                var count = await answer.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, LongestAnswer - read)), cancellationToken);
                if (count == 0)
                {
                    return;
                }

                read += count;
            }
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or OperationCanceledException)
        {
            return; // the status was the answer
        }
    }

    private AlertDeliveryException Refusal(HttpResponseMessage response)
    {
        var status = response.StatusCode;
        var advice = (int)status switch
        {
            >= 300 and < 400 => " It wants to send the alert elsewhere, which is not done: configure the address that it means.",
            401 or 403 or 404 or 410 => " See whether the address is still the one that the receiver gave out.",
            _ => "",
        };
        return new AlertDeliveryException($"{_url.Host} answered {(int)status}, expected 2xx.{advice}")
        {
            RetryAfter = RetryAfter(response.Headers.RetryAfter),
            IsRefusal = status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity,
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? asked) => asked?.Delta ?? (asked?.Date is { } date ? date - time.GetUtcNow() : null);

    private static string HeaderText(string id) => string.Concat(id.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.').Take(200));
}
