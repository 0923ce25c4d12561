using System.Net;
using System.Net.Sockets;

namespace SecurityAudit.Alerts;

/// <summary>
/// Connects to what a name stands for at that moment, and to no address that is not allowed: what is looked at is what is connected to, so
/// that a name which changes its address between the two gets nobody anywhere.
/// </summary>
internal static class WebhookTransport
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <param name="allowPrivate">True: any address.</param>
    /// <param name="resolve">Asks for the addresses of a name; null: the system's resolver.</param>
    public static SocketsHttpHandler Create(bool allowPrivate, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        resolve ??= Dns.GetHostAddressesAsync;
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // whoever answers does not say where alerts go
            UseProxy = false, // a proxy would do the looking up
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = ConnectionLifetime,
            ResponseDrainTimeout = TimeSpan.Zero,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, allowPrivate, resolve, cancellationToken),
        };
    }

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint host, bool allowPrivate, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        var found = IPAddress.TryParse(host.Host, out var literal) ? [literal] : await resolve(host.Host, cancellationToken);
        IPAddress[] allowed = allowPrivate ? found : Array.FindAll(found, PublicAddresses.Contain);
        if (allowed.Length == 0)
        {
            throw new AlertDeliveryException(found.Length == 0
                ? $"{host.Host} has no address."
                : $"{host.Host} stands for {found[0]}, which is not on the public Internet, expected an address that is. Set AllowPrivateAddresses if it is meant.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
