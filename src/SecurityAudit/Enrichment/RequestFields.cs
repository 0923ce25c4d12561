using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Fields;

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
            fields.AddIfAbsent(EventFields.SourceIp, address.ToString());
            fields.AddIfAbsent(EventFields.SourcePort, request.Connection.RemotePort);
        }

        fields.AddIfAbsent(EventFields.Method, request.Request.Method);
        fields.AddIfAbsent(EventFields.RequestId, request.TraceIdentifier);
        fields.AddIfAbsent(EventFields.Path, paths.Of(request));
        fields.AddIfAbsent(EventFields.Scheme, request.Request.Scheme);
        fields.AddIfAbsent(EventFields.Endpoint, request.GetEndpoint()?.DisplayName);
        if (request.Request.Headers.UserAgent is { Count: > 0 } agent)
        {
            fields.AddIfAbsent(EventFields.UserAgent, agent.ToString());
        }
    }
}
