using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Fields;
using SecurityAudit.Redaction;

namespace SecurityAudit.Enrichment;

/// <summary>What the request tells: from where, with what, to which address. Never a query, a body or another header.</summary>
internal sealed class RequestFields(RoutePaths paths)
{
    public void Add(ImmutableArray<KeyValuePair<string, object?>>.Builder fields, HttpContext request)
    {
        if (request.Connection.RemoteIpAddress is { } address)
        {
            fields.AddIfAbsent(EventFields.SourceIp, TypedValue.TextOf(address));
            fields.AddIfAbsent(EventFields.SourcePort, request.Connection.RemotePort);
        }

        fields.AddIfAbsent(EventFields.Method, request.Request.Method);
        fields.AddIfAbsent(EventFields.RequestId, request.TraceIdentifier);
        var (path, endpoint) = paths.Of(request);
        fields.AddIfAbsent(EventFields.Path, path);
        fields.AddIfAbsent(EventFields.Scheme, request.Request.Scheme);
        fields.AddIfAbsent(EventFields.Endpoint, endpoint?.DisplayName);
        if (request.Request.Headers.UserAgent is { Count: > 0 } agent)
        {
            fields.AddIfAbsent(EventFields.UserAgent, agent.ToString());
        }
    }
}
