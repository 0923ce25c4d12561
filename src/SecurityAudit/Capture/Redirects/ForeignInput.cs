namespace SecurityAudit.Capture.Redirects;

/// <summary>An input of a request that is an address at another host.</summary>
/// <param name="Name">The input's name.</param>
/// <param name="Host">The host; of the rest of the address nothing is kept.</param>
internal sealed record ForeignInput(string Name, string Host);
