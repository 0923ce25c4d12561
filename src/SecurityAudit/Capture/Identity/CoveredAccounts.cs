using System.Collections.Concurrent;

namespace SecurityAudit.Capture.Identity;

/// <summary>The types of accounts whose changes are seen in the database, with values.</summary>
internal sealed class CoveredAccounts
{
    private readonly ConcurrentDictionary<string, bool> _types = new(StringComparer.Ordinal);

    public void Add(Type user) => _types[user.FullName ?? user.Name] = true;

    /// <param name="user">The full name of the type, as Identity's meter gives it.</param>
    public bool Contains(string? user) => user is not null && _types.ContainsKey(user);
}
