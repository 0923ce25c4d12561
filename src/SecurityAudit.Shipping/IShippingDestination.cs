namespace SecurityAudit.Shipping;

/// <summary>
/// A place to which the lines of one log are shipped. It is asked for one batch at a time, in the log's order, and is used by one shipper.
/// </summary>
internal interface IShippingDestination
{
    /// <summary>Who answers, in messages: an address, never a credential.</summary>
    string Name { get; }

    /// <summary>What a bookmark holds for: under another target, shipping begins anew.</summary>
    string Target { get; }

    /// <summary>What it wants to find in the bookmark file at the next start; kept with each save.</summary>
    string? Memo { get; }

    /// <summary>
    /// Sends the lines and says what became of them. Whatever can happen on the way is an outcome; only cancelling throws.
    /// </summary>
    Task<BatchOutcome> SendAsync(BatchPart part, CancellationToken cancellationToken);
}
