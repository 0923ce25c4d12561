using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SecurityAudit.Fields;
using SecurityAudit.Recording;
using SecurityAudit.Redaction;

namespace SecurityAudit.Enrichment;

/// <summary>Fills in what the event leaves empty: id, time, actor, request, session, service, host, trace.</summary>
internal sealed partial class EventEnricher(
    IHttpContextAccessor requests,
    ServiceFields service,
    Pseudonyms pseudonyms,
    NamedValues named,
    ClaimedNames claimed,
    RequestFields requestFields,
    TimeProvider time,
    AuditMetrics metrics,
    ILogger<EventEnricher> logger)
{
    public SecurityEvent Enrich(SecurityEvent e)
    {
        var now = e.Timestamp ?? time.GetUtcNow();
        e = named.Mask(e) with { Timestamp = now, Id = e.Id ?? NewId(now) };
        var fields = e.Fields.ToBuilder();
        try
        {
            var request = requests.HttpContext;
            e = e with { User = e.User ?? AuditUser.From(request?.User) };
            if (request is not null)
            {
                requestFields.Add(fields, request);
            }

            AddSession(fields, request);
            e = claimed.Hash(e, fields);
            AddRelated(fields, e);
        }
        catch (Exception failure)
        {
            // Hostile features or a context that is already gone: what the capture itself knew is recorded all the same.
            metrics.Failed("enrichment");
            Log.Failed(logger, failure, e.Action);
            fields.Add(new(EventFields.Enrichment.Name, "failed"));
        }

        RemoveRawSession(fields);
        AddTrace(fields);
        service.AddTo(fields);
        return e with { Fields = fields.ToImmutable() };
    }

    /// <summary>An id of that moment; a moment before 1970 has none, and gets one of now.</summary>
    private string NewId(DateTimeOffset moment) =>
        Guid.CreateVersion7(moment >= DateTimeOffset.UnixEpoch ? moment : time.GetUtcNow()).ToString();

    private void AddSession(ImmutableArray<KeyValuePair<string, object?>>.Builder fields, HttpContext? request)
    {
        var raw = fields.Find(SessionFields.Identifier) as string ?? SessionTicket.IdOf(request);
        if (raw is not null)
        {
            fields.AddIfAbsent(EventFields.SessionId, pseudonyms.Of(raw));
        }
    }

    private static void AddRelated(ImmutableArray<KeyValuePair<string, object?>>.Builder fields, SecurityEvent e)
    {
        string?[] users = [e.User?.Name, e.User?.Id, e.Target?.Name, e.Target?.Id];
        ImmutableArray<string> related = [.. users.OfType<string>().Distinct(StringComparer.Ordinal)];
        if (!related.IsEmpty)
        {
            fields.AddIfAbsent(EventFields.RelatedUser, related);
        }

        if (fields.Find(EventFields.SourceIp) is string address)
        {
            fields.AddIfAbsent(EventFields.RelatedIp, ImmutableArray.Create(address));
        }
    }

    private static void AddTrace(ImmutableArray<KeyValuePair<string, object?>>.Builder fields)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            fields.AddIfAbsent(EventFields.TraceId, activity.TraceId.ToHexString());
            fields.AddIfAbsent(EventFields.SpanId, activity.SpanId.ToHexString());
        }
    }

    private static void RemoveRawSession(ImmutableArray<KeyValuePair<string, object?>>.Builder fields)
    {
        for (var index = fields.Count - 1; index >= 0; index--)
        {
            if (fields[index].Key == SessionFields.Identifier)
            {
                fields.RemoveAt(index);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The security event '{Action}' is recorded without what the request could tell.")]
        public static partial void Failed(ILogger logger, Exception failure, string action);
    }
}
