using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace SecurityAudit.Responses;

/// <summary>
/// From whom a request is before the application's own pipeline has looked: the connection's address, or what a known proxy forwards, by the
/// framework's own middleware on a request that is thrown away, so that it is decided once, and as the application decides it.
/// </summary>
internal sealed class ForwardedSources
{
    private readonly ForwardedHeadersOptions _options;
    private readonly ForwardedHeadersMiddleware? _forwarding;

    public ForwardedSources(IOptions<ForwardedHeadersOptions> options)
    {
        _options = options.Value;
        if (_options.ForwardedHeaders.HasFlag(ForwardedHeaders.XForwardedFor))
        {
            _forwarding = new ForwardedHeadersMiddleware(_ => Task.CompletedTask, NullLoggerFactory.Instance, options);
        }
    }

    /// <summary>Whoever sends a request chooses its address: no proxy is named that alone may do that.</summary>
    public bool TrustsAnybody => _forwarding is not null && _options.KnownProxies.Count == 0 && _options.KnownIPNetworks.Count == 0;

    public bool IsKnownProxy(IPAddress address) =>
        _options.KnownProxies.Any(proxy => Plain(proxy).Equals(address)) || _options.KnownIPNetworks.Any(network => network.Contains(address));

    /// <summary>The address; null where nobody knows it.</summary>
    public IPAddress? Of(HttpContext request)
    {
        var connection = request.Connection.RemoteIpAddress;
        if (_forwarding is null || !request.Request.Headers.ContainsKey(_options.ForwardedForHeaderName))
        {
            return connection;
        }

        var copy = new DefaultHttpContext();
        (copy.Connection.RemoteIpAddress, copy.Connection.RemotePort) = (connection, request.Connection.RemotePort);
        foreach (var name in (string[])[_options.ForwardedForHeaderName, _options.ForwardedProtoHeaderName, _options.ForwardedHostHeaderName, _options.ForwardedPrefixHeaderName])
        {
            copy.Request.Headers[name] = request.Request.Headers[name];
        }

        (copy.Request.Scheme, copy.Request.Host, copy.Request.PathBase) = (request.Request.Scheme, request.Request.Host, request.Request.PathBase);
        _forwarding.ApplyForwarders(copy);
        return copy.Connection.RemoteIpAddress;
    }

    /// <summary>One that is mapped into IPv6 as what it is.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
