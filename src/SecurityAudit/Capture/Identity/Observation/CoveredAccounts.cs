using System.Collections.Concurrent;

namespace SecurityAudit.Capture.Identity.Observation;

/// <summary>The types of accounts whose changes are seen in the database, with values.</summary>
internal sealed class CoveredAccounts
{
    private readonly ConcurrentDictionary<string, bool> _types = new(StringComparer.Ordinal);
    private volatile Func<IServiceProvider, IReadOnlyList<AuditUser>>? _loaded;

    public void Add(Type user) => _types[user.FullName ?? user.Name] = true;

    /// <summary>Says how the accounts are found that a scope has loaded.</summary>
    public void Find(Func<IServiceProvider, IReadOnlyList<AuditUser>> loaded) => _loaded = loaded;

    /// <summary>The accounts that the scope has loaded from the database.</summary>
    public IReadOnlyList<AuditUser> Loaded(IServiceProvider? scope) => scope is null ? [] : _loaded?.Invoke(scope) ?? [];

    /// <param name="user">The full name of the type, as Identity's meter gives it.</param>
    public bool Contains(string? user) => user is not null && _types.ContainsKey(user);
}
