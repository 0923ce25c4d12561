using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Enrichment;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Sessions;

/// <summary>Records that a credential came back after its session had ended: once for a session and a source within a window.</summary>
internal sealed class UseAfterEnd(EndedSessions ended, LimitedEvents events, TimeProvider time)
{
    /// <summary>A request that was under way when its session ended arrives within this.</summary>
    private static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(5);

    private static readonly LimitedKind Later = new("session_use_after_end", Most: 1, TimeSpan.FromMinutes(10));
    private static readonly LimitedKind AtOnce = new("session_use_at_end", Most: 1, TimeSpan.FromMinutes(10));

    /// <summary>Somebody was authenticated with it. Asked in nearly every request.</summary>
    public void Look(HttpContext request, AuthenticationTicket? ticket)
    {
        // The request that ends a session may ask for it again.
        if (ended.Find(ticket?.Properties) is { } end && RequestEvidence.Of<SessionEvidence>(request) is { Ends: false } evidence)
        {
            evidence.UsedAfterEnd ??= (ticket!, end);
        }
    }

    /// <summary>At the request's end: the address is what a proxy's headers say by then.</summary>
    public void Conclude(HttpContext request)
    {
        if (RequestEvidence.Existing<SessionEvidence>(request) is { UsedAfterEnd: { } used } evidence)
        {
            evidence.UsedAfterEnd = null;
            Record(request, used.Ticket, used.End);
        }
    }

    private void Record(HttpContext request, AuthenticationTicket ticket, EndedSession end)
    {
        var since = time.GetUtcNow() - end.At;
        var isUnderWay = since < UnderWay;
        var id = SessionTicket.IdOf(ticket.Properties);
        var used = SecurityEvents.SessionUseAfterExpire(AuditUser.From(ticket.Principal))
            .With(SessionFields.Identifier, id)
            .With(EventFields.AuthnScheme, ticket.AuthenticationScheme);
        var before = string.Create(CultureInfo.InvariantCulture, $"{end.How} {since.TotalSeconds:0} s before");
        events.Record(
            isUnderWay ? AtOnce : Later,
            request,
            isUnderWay
                ? used with { Severity = EventSeverity.Low, Reason = before + ", which a request that was under way may be" }
                : used with { Reason = before },
            id);
    }
}
