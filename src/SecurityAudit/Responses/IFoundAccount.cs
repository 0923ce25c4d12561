namespace SecurityAudit.Responses;

/// <summary>An account whose sessions can be ended.</summary>
internal interface IFoundAccount
{
    /// <summary>Gives it a new security stamp; why that failed, or null.</summary>
    Task<string?> EndSessionsAsync();
}
