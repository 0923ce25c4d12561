using System.Collections.Immutable;

namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// What an account is like, in the words of the catalogue (<c>email</c>, <c>two_factor</c> …); no secrets, and nothing of the application's
/// own. A store that lacks something has no value for it.
/// </summary>
internal sealed record AccountValues(ImmutableSortedDictionary<string, string?> All)
{
    public ImmutableArray<string> this[string kind] => All.GetValueOrDefault(kind) is { } value ? [value] : [];

    /// <summary>The kinds in which the two differ.</summary>
    public IEnumerable<string> Differences(AccountValues other) =>
        All.Where(pair => !string.Equals(pair.Value, other.All.GetValueOrDefault(pair.Key), StringComparison.Ordinal)).Select(pair => pair.Key);
}
