using SecurityAudit.Elasticsearch.Connection;

namespace SecurityAudit.Elasticsearch.Shipping;

/// <summary>What is done about the status of a whole answer.</summary>
internal enum Reaction
{
    /// <summary>200: look at the items.</summary>
    Read,

    /// <summary>408, 429, 5xx: keep all, wait, send again.</summary>
    TryLater,

    /// <summary>401, 403, 404 and every status that nobody expects: keep all, say so, try again slowly.</summary>
    Pause,

    /// <summary>413: send less at a time; a single event that is too large goes as an envelope.</summary>
    SendLess,

    /// <summary>400: one of the events, or the network, spoils the request.</summary>
    Suspect,

    /// <summary>400 for a parameter that this version does not know.</summary>
    SendPlain,
}

internal static class Reactions
{
    public static Reaction To(Answer answer) => answer.Status switch
    {
        200 => Reaction.Read,
        408 or 429 or (>= 500 and < 600) => Reaction.TryLater,
        413 => Reaction.SendLess,
        400 when answer.Body.Span.IndexOf("unrecognized parameter"u8) >= 0 => Reaction.SendPlain,
        400 => Reaction.Suspect,
        _ => Reaction.Pause,
    };
}
