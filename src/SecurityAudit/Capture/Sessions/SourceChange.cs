namespace SecurityAudit.Capture.Sessions;

/// <summary>A session is used from where it was not used before.</summary>
/// <param name="Address">The address before and now, if it is a new one.</param>
/// <param name="Agent">The program before and now, as it calls itself, if it is a new one.</param>
internal sealed record SourceChange((string Before, string Now)? Address, (string Before, string Now)? Agent);
