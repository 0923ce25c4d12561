using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Identity.Database;

/// <summary>Reads from a change tracker what is about to happen to Identity's entities, before and after.</summary>
internal sealed class IdentityChangeReader(Func<Type, IdentityEntity> classify, DbContext context, Func<AuditUser, int, bool, bool> writing, DateTimeOffset now)
{
    private readonly List<(IdentityEntity Kind, EntityEntry Entry)> _entries = [];
    private readonly List<Func<SecurityEvent>> _events = [];

    /// <summary>The account in an entity of Identity, whatever the type of its key.</summary>
    public static AuditUser? Account(object entity) => entity switch
    {
        Microsoft.AspNetCore.Identity.IdentityUser<string> user => Account(user),
        Microsoft.AspNetCore.Identity.IdentityUser<Guid> user => Account(user),
        Microsoft.AspNetCore.Identity.IdentityUser<int> user => Account(user),
        Microsoft.AspNetCore.Identity.IdentityUser<long> user => Account(user),
        _ => null,
    };

    /// <summary>The account as the database knows it.</summary>
    public static AuditUser Known(EntityEntry account) => new(Text(account, "Id"), KnownName(account));

    /// <summary>The events, made when the writing is over: the database may have given the keys.</summary>
    public List<Func<SecurityEvent>> Read()
    {
        var changed = false;
        foreach (var entry in context.ChangeTracker.Entries())
        {
            if (classify(entry.Metadata.ClrType) is var kind and not IdentityEntity.None)
            {
                _entries.Add((kind, entry));
                changed |= entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted;
            }
        }

        if (changed)
        {
            ReadAccounts();
            ReadRoles();
            ReadEntitlements(IdentityEntity.UserRole, "UserId", "role", entry => RoleName(entry, "RoleId"));
            ReadEntitlements(IdentityEntity.UserClaim, "UserId", "claim", Claim);
            ReadEntitlements(IdentityEntity.RoleClaim, "RoleId", "role_claim", Claim);
            ReadCredentials();
        }

        return _events;
    }

    private static AuditUser Account<TKey>(Microsoft.AspNetCore.Identity.IdentityUser<TKey> user)
        where TKey : IEquatable<TKey> =>
        new(Convert.ToString(user.Id, CultureInfo.InvariantCulture), user.UserName) { Email = user.Email };

    private static string? Text(EntityEntry entry, string property) =>
        Convert.ToString(entry.Property(property).CurrentValue, CultureInfo.InvariantCulture);

    private static string? Before(EntityEntry entry, string property) =>
        Convert.ToString(entry.Property(property).OriginalValue, CultureInfo.InvariantCulture);

    // A new name may be refused yet; until it is true, the account is known by the old one.
    private static string? KnownName(EntityEntry account) =>
        account.State == EntityState.Modified ? Before(account, "UserName") : Text(account, "UserName");

    private static string Claim(EntityEntry entry) => $"{Text(entry, "ClaimType")}={Text(entry, "ClaimValue")}";

    private static string ClaimBefore(EntityEntry entry) => $"{Before(entry, "ClaimType")}={Before(entry, "ClaimValue")}";

    private EntityEntry[] Changed(IdentityEntity kind) => _entries
        .Where(found => found.Kind == kind && found.Entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
        .Select(found => found.Entry)
        .ToArray();

    private void ReadAccounts()
    {
        foreach (var entry in Changed(IdentityEntity.User))
        {
            AuditUser Target() => new(Text(entry, "Id"), KnownName(entry));
            switch (entry.State)
            {
                case EntityState.Added:
                    _events.Add(() => SecurityEvents.UserCreated(Target() with { Email = Text(entry, "Email") }));
                    break;
                case EntityState.Deleted:
                    var deleted = Target() with { Email = Text(entry, "Email") };
                    _events.Add(() => SecurityEvents.UserDeleted(deleted));
                    break;
                default:
                    foreach (var made in new AccountChanges(entry, Target(), writing, now).Read())
                    {
                        _events.Add(() => made);
                    }

                    break;
            }
        }
    }

    private void ReadRoles()
    {
        foreach (var entry in Changed(IdentityEntity.Role))
        {
            var (before, after) = (Before(entry, "Name"), Text(entry, "Name"));
            var (type, was, becomes) = entry.State switch
            {
                EntityState.Added => ("creation", null, after),
                EntityState.Deleted => ("deletion", before, null),
                _ => ("change", before, after),
            };
            if (!string.Equals(was, becomes, StringComparison.Ordinal))
            {
                _events.Add(() => Role(SecurityEvents.AuthzChange(null, "role_definition", List(was), List(becomes)), Text(entry, "Id"), becomes ?? was)
                    with { Types = ["group", type] });
            }
        }
    }

    // One event for an owner, not one for a row: taken away on the left, given on the right.
    private void ReadEntitlements(IdentityEntity kind, string ownerKey, string change, Func<EntityEntry, string> describe)
    {
        foreach (var group in Changed(kind).GroupBy(entry => entry.Property(ownerKey).CurrentValue))
        {
            ImmutableArray<string> taken =
            [
                .. group.Where(entry => entry.State == EntityState.Deleted).Select(describe),
                .. group.Where(entry => entry.State == EntityState.Modified).Select(ClaimBefore),
            ];
            ImmutableArray<string> given = [.. group.Where(entry => entry.State is EntityState.Added or EntityState.Modified).Select(describe)];
            var any = group.First();
            var named = kind == IdentityEntity.RoleClaim ? RoleName(any, ownerKey) : null;
            if (taken.SequenceEqual(given, StringComparer.Ordinal))
            {
                continue;
            }

            _events.Add(() => kind == IdentityEntity.RoleClaim
                ? Role(SecurityEvents.AuthzChange(null, change, taken, given), Text(any, ownerKey), named) with { Types = ["group", "change"] }
                : SecurityEvents.AuthzChange(Owner(any), change, taken, given));
        }
    }

    private void ReadCredentials()
    {
        foreach (var entry in Changed(IdentityEntity.UserPasskey))
        {
            if (entry.State != EntityState.Modified)
            {
                var isAdded = entry.State == EntityState.Added;
                _events.Add(() => isAdded ? SecurityEvents.AuthnPasskeyAdded(Owner(entry)) : SecurityEvents.AuthnPasskeyRemoved(Owner(entry)));
            }
        }

        foreach (var entry in Changed(IdentityEntity.UserLogin))
        {
            var provider = Text(entry, "LoginProvider");
            var added = entry.State != EntityState.Deleted;
            _events.Add(() => SecurityEvents.UserUpdated(Owner(entry), "external_login", List(added ? null : provider), List(added ? provider : null)));
        }

        foreach (var entry in Changed(IdentityEntity.UserToken))
        {
            if (Credential(entry) is { } kind)
            {
                _events.Add(() => SecurityEvents.UserUpdated(Owner(entry), kind, [], []));
            }
        }
    }

    // Of the tokens only Identity's own keys matter. A used recovery code leaves the list shorter; that is the sign-in's event.
    private static string? Credential(EntityEntry entry) => Text(entry, "Name") switch
    {
        "AuthenticatorKey" => "authenticator_key",
        "RecoveryCodes" when entry.State == EntityState.Modified
            && Text(entry, "Value") is { } after && Before(entry, "Value") is { } before && after.Length < before.Length => null,
        "RecoveryCodes" => "recovery_codes",
        _ => null,
    };

    private AuditUser Owner(EntityEntry entry)
    {
        var id = Text(entry, "UserId");
        var owner = _entries.Find(found => found.Kind == IdentityEntity.User && string.Equals(Text(found.Entry, "Id"), id, StringComparison.Ordinal)).Entry;
        return new AuditUser(id, owner is null ? null : KnownName(owner));
    }

    // A role that is not loaded is named by its id: asking the database now would re-enter a busy context.
    private string RoleName(EntityEntry entry, string key)
    {
        var id = Text(entry, key);
        var role = _entries.Find(found => found.Kind == IdentityEntity.Role && string.Equals(Text(found.Entry, "Id"), id, StringComparison.Ordinal)).Entry;
        return (role is null ? id : Text(role, "Name")) ?? string.Empty;
    }

    private static SecurityEvent Role(SecurityEvent made, string? id, string? name) =>
        made.With(EventFields.GroupId, id).With(EventFields.GroupName, name);

    private static ImmutableArray<string> List(string? value) => value is null ? [] : [value];
}
