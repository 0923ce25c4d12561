using Microsoft.AspNetCore.Http;
using SecurityAudit.Fields;
using SecurityAudit.Redaction;

namespace SecurityAudit.Enrichment;

/// <summary>What the request tells: from where, with what, to which address. Never a query, a body or another header.</summary>
internal sealed class RequestFields(RoutePaths paths)
{
    public void Add(EventDraft draft, HttpContext request)
    {
        if (request.Connection.RemoteIpAddress is { } address)
        {
            draft.AddIfAbsent(EventFields.SourceIp, TypedValue.TextOf(address));
            draft.AddIfAbsent(EventFields.SourcePort, request.Connection.RemotePort);
        }

        draft.AddIfAbsent(EventFields.Method, request.Request.Method);
        draft.AddIfAbsent(EventFields.RequestId, request.TraceIdentifier);
        var (path, endpoint) = paths.Of(request);
        draft.AddIfAbsent(EventFields.Path, path);
        draft.AddIfAbsent(EventFields.Scheme, request.Request.Scheme);
        draft.AddIfAbsent(EventFields.Endpoint, endpoint?.DisplayName);
        if (request.Request.Headers.UserAgent is { Count: > 0 } agent)
        {
            draft.AddIfAbsent(EventFields.UserAgent, agent.ToString());
        }
    }
}
