using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Enrichment;

/// <summary>What the request tells: from where, with what, to which address. Never a query, a body or another header.</summary>
internal sealed class RequestFields(RoutePaths paths)
{
    public void Add(ImmutableArray<KeyValuePair<string, object?>>.Builder fields, HttpContext request)
    {
        var address = request.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        if (address is not null)
        {
            fields.AddIfAbsent("source.ip", address.ToString());
            fields.AddIfAbsent("source.port", request.Connection.RemotePort);
        }

        fields.AddIfAbsent("http.request.method", request.Request.Method);
        fields.AddIfAbsent("http.request.id", request.TraceIdentifier);
        fields.AddIfAbsent("url.path", paths.Of(request));
        fields.AddIfAbsent("url.scheme", request.Request.Scheme);
        fields.AddIfAbsent("security_audit.endpoint", request.GetEndpoint()?.DisplayName);
        if (request.Request.Headers.UserAgent is { Count: > 0 } agent)
        {
            fields.AddIfAbsent("user_agent.original", agent.ToString());
        }
    }
}
