using SecurityAudit.Enrichment;

namespace SecurityAudit.Capture.Sessions;

/// <summary>
/// A session that is used after its end, from a new address or with a new program. At the request's end: a proxy's headers are read by
/// then, whatever the order of the middleware.
/// </summary>
internal sealed class SessionConclusion(UseAfterEnd use, SessionSources sources, LimitedEvents events) : IRequestConclusion
{
    private static readonly LimitedKind Kind = new("session_source_changed", Most: 5, TimeSpan.FromHours(1));

    public void Conclude(in RequestEnd request)
    {
        var context = request.Context;
        use.Conclude(context);
        if (SessionTicket.IdOf(context) is { } session && sources.Observe(session, context) is { } change)
        {
            events.Record(Kind, context, Event(change).With(SessionFields.Identifier, session), session, isBySource: false);
        }
    }

    public void Threw(in RequestEnd request, Exception exception) => Conclude(request);

    private static SecurityEvent Event(SourceChange change) => change switch
    {
        { Address: { } address, Agent: { } agent } => SecurityEvents.SessionSourceChanged(
            "address and program", [address.Before, agent.Before], [address.Now, agent.Now]) with { Severity = EventSeverity.High },
        { Agent: { } agent } => SecurityEvents.SessionSourceChanged("program", [agent.Before], [agent.Now]),
        _ => SecurityEvents.SessionSourceChanged("address", [change.Address!.Value.Before], [change.Address.Value.Now]) with { Severity = EventSeverity.Low },
    };
}
