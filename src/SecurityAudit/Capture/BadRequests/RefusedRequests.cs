namespace SecurityAudit.Capture.BadRequests;

/// <summary>How many refused requests of one source are recorded one by one.</summary>
internal static class RefusedRequests
{
    /// <summary>Refused by the server itself, before the application or after it.</summary>
    public static LimitedKind ByServer { get; } = new("bad_requests", Most: 10, TimeSpan.FromMinutes(1));

    /// <summary>Refused within the application.</summary>
    public static LimitedKind Input { get; } = new("refused_input", Most: 10, TimeSpan.FromMinutes(1));
}
