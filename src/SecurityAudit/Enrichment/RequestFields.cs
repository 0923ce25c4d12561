using Microsoft.AspNetCore.Http;
using SecurityAudit.Fields;
using SecurityAudit.Recording;

namespace SecurityAudit.Enrichment;

/// <summary>What the request tells: from where, with what, to which address. Never a query, a body or another header.</summary>
internal sealed class RequestFields(RoutePaths paths)
{
    public void Add(EventDraft draft, HttpContext request)
    {
        var address = request.Connection.RemoteIpAddress;
        if (address is { IsIPv4MappedToIPv6: true })
        {
            address = address.MapToIPv4();
        }

        if (address is not null)
        {
            draft.AddIfAbsent(EventFields.SourceIp, address.ToString());
            draft.AddIfAbsent(EventFields.SourcePort, request.Connection.RemotePort);
        }

        draft.AddIfAbsent(EventFields.Method, request.Request.Method);
        draft.AddIfAbsent(EventFields.RequestId, request.TraceIdentifier);
        draft.AddIfAbsent(EventFields.Path, paths.Of(request));
        draft.AddIfAbsent(EventFields.Scheme, request.Request.Scheme);
        draft.AddIfAbsent(EventFields.Endpoint, request.GetEndpoint()?.DisplayName);
        if (request.Request.Headers.UserAgent is { Count: > 0 } agent)
        {
            draft.AddIfAbsent(EventFields.UserAgent, agent.ToString());
        }
    }
}
