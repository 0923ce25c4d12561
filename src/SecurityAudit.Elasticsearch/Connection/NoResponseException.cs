namespace SecurityAudit.Elasticsearch.Connection;

/// <summary>No node gave a whole answer: what became of the request is unknown. The message names the node, never a credential.</summary>
internal sealed class NoResponseException : IOException
{
    public NoResponseException(string message, bool moreNodes, bool refused, Exception? inner = null)
        : base(message, inner) => (MoreNodes, Refused) = (moreNodes, refused);

    /// <summary>Is there a node that has not been tried since the last answer?</summary>
    public bool MoreNodes { get; }

    /// <summary>Was no connection made at all, so that nothing can have been stored?</summary>
    public bool Refused { get; }
}
