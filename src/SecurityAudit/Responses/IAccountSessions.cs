namespace SecurityAudit.Responses;

/// <summary>Ends the sessions of accounts of one type.</summary>
internal interface IAccountSessions
{
    /// <summary>Finds the account of an id; null where this store has none.</summary>
    /// <param name="services">A scope's.</param>
    /// <param name="id">The account's id, as events have it.</param>
    /// <param name="name">Its name, where the alert tells it: an account of another name is another one.</param>
    Task<IFoundAccount?> FindAsync(IServiceProvider services, string id, string? name);
}
