using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SecurityAudit.Fields;
using SecurityAudit.Metrics;

namespace SecurityAudit.Enrichment;

/// <summary>Fills in what the event leaves empty: id, time, actor, request, session, service, host, trace.</summary>
internal sealed partial class EventEnricher(
    CurrentRequest requests,
    ServiceFields service,
    Pseudonyms pseudonyms,
    ClaimedNames claimed,
    RequestFields requestFields,
    TimeProvider time,
    AuditMetrics metrics,
    ILogger<EventEnricher> logger)
{
    public void Enrich(EventDraft draft)
    {
        draft.Timestamp = draft.Given.Timestamp ?? time.GetUtcNow();
        draft.Id ??= NewId(draft.Timestamp);
        try
        {
            AddRequest(draft);
            if (draft.RawSession is { } session)
            {
                draft.AddIfAbsent(EventFields.SessionId, pseudonyms.Of(session));
            }

            claimed.Hash(draft);
            if (draft is { Given.Action: "authz_change", User.Id: { } actor, Target.Id: { } target } && actor == target)
            {
                draft.AddIfAbsent(EventFields.ChangeOwn, true);
            }

            AddRelated(draft);
        }
        catch (Exception failure)
        {
            // Hostile features or a context that is already gone: what the capture itself knew is recorded all the same.
            metrics.Failed("enrichment");
            Log.Failed(logger, failure, draft.Given.Action);
            draft.Set(EventFields.Enrichment, "failed");
        }

        AddTrace(draft);
        service.AddTo(draft);
    }

    /// <summary>
    /// What runs beside its request, or behind it, may find that the request has ended while it looked, and Kestrel uses a context again: what was seen
    /// may then be somebody else's.
    /// </summary>
    private void AddRequest(EventDraft draft)
    {
        if (requests.Context is not { } request)
        {
            return;
        }

        var (count, user, effective, session) = (draft.Fields.Count, draft.User, draft.Effective, draft.RawSession);
        draft.User ??= AuditUser.From(request.User);
        Impersonation.AddTo(draft, request);
        draft.RawSession ??= SessionTicket.IdOf(request);
        requestFields.Add(draft, request);
        if (!ReferenceEquals(requests.Context, request))
        {
            draft.Shorten(count);
            (draft.User, draft.Effective, draft.RawSession) = (user, effective, session);
            draft.Set(EventFields.Enrichment, "failed");
        }
    }

    /// <summary>An id of that moment; a moment before 1970 has none, and gets one of now.</summary>
    private string NewId(DateTimeOffset moment) =>
        Guid.CreateVersion7(moment >= DateTimeOffset.UnixEpoch ? moment : time.GetUtcNow()).ToString();

    private static void AddRelated(EventDraft draft)
    {
        if (draft.User is not null || draft.Target is not null)
        {
            string?[] users = [draft.User?.Name, draft.User?.Id, draft.Target?.Name, draft.Target?.Id, draft.Effective?.Name, draft.Effective?.Id];
            ImmutableArray<string> related = [.. users.OfType<string>().Distinct(StringComparer.Ordinal)];
            if (!related.IsEmpty)
            {
                draft.AddIfAbsent(EventFields.RelatedUser, related);
            }
        }

        if (draft[EventFields.SourceIp] is string address)
        {
            draft.AddIfAbsent(EventFields.RelatedIp, [address]);
        }
    }

    private static void AddTrace(EventDraft draft)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity)
        {
            draft.AddIfAbsent(EventFields.TraceId, activity.TraceId.ToHexString());
            draft.AddIfAbsent(EventFields.SpanId, activity.SpanId.ToHexString());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The security event '{Action}' is recorded without what the request could tell.")]
        public static partial void Failed(ILogger logger, Exception failure, string action);
    }
}
