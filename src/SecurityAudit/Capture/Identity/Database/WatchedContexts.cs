using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Tables;

namespace SecurityAudit.Capture.Identity.Database;

/// <summary>Tells the contexts whose changes matter from the others: those of this host with Identity's entities, or tracked tables, in their model.</summary>
internal sealed class WatchedContexts(IdentityRequests requests, CoveredAccounts covered, IdentityRecorder recorder, TrackedTables tracked)
{
    private readonly ConditionalWeakTable<IModel, StrongBox<Type[]?>> _models = [];
    private readonly ConcurrentDictionary<Type, IdentityEntity> _entities = new();
    private readonly ConcurrentDictionary<Type, bool> _met = new();
    private readonly ConcurrentDictionary<Type, bool> _accounts = new();

    /// <summary>A context of this type is in use: what is in its model is known from then on.</summary>
    public void Meet(DbContext context)
    {
        if (!_met.ContainsKey(context.GetType()) && IsOurs(context) && _met.TryAdd(context.GetType(), true))
        {
            IsWatched(context);
        }
    }

    /// <summary>True for a context of this host whose model has Identity's entities or tracked tables.</summary>
    public bool IsWatched(DbContext context)
    {
        // Whose context it is comes before what is learned from it: another host's database says nothing about the accounts of this one.
        var users = _models.GetValue(context.Model, UserTypes);
        if (users.Value is null || !IsOurs(context))
        {
            return false;
        }

        foreach (var user in users.Value)
        {
            covered.Add(user);
        }

        if (users.Value.Length > 0 && _accounts.TryAdd(context.GetType(), true))
        {
            covered.Find(Loaded);
        }

        return true;
    }

    /// <summary>The user types of a model with entities that are watched; null for a model without any.</summary>
    private StrongBox<Type[]?> UserTypes(IModel model)
    {
        var types = model.GetEntityTypes().Select(type => type.ClrType).ToArray();
        return new StrongBox<Type[]?>(Array.Exists(types, type => Of(type) != IdentityEntity.None) || model.GetEntityTypes().Any(tracked.Contains)
            ? Array.FindAll(types, type => Of(type) == IdentityEntity.User)
            : null);
    }

    // What is tracked is looked at as it is: nothing is queried and no change is looked for.
    private List<AuditUser> Loaded(IServiceProvider scope)
    {
        List<AuditUser> loaded = [];
        foreach (var type in _accounts.Keys)
        {
            if (scope.GetService(type) is not DbContext { ChangeTracker: { AutoDetectChangesEnabled: var detects } tracker })
            {
                continue;
            }

            tracker.AutoDetectChangesEnabled = false;
            try
            {
                loaded.AddRange(tracker.Entries()
                    .Where(entry => entry.State is EntityState.Unchanged or EntityState.Modified && Of(entry.Metadata.ClrType) == IdentityEntity.User)
                    .Select(IdentityChangeReader.Known));
            }
            finally
            {
                tracker.AutoDetectChangesEnabled = detects;
            }
        }

        return loaded;
    }

    private bool IsOurs(DbContext context)
    {
        var options = context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>();
        var services = options?.ApplicationServiceProvider ?? requests.Context?.RequestServices;
        return services is not null && ReferenceEquals(services.GetService<IdentityRecorder>(), recorder);
    }

    /// <summary>What a mapped class is to Identity.</summary>
    public IdentityEntity Of(Type type) => _entities.GetOrAdd(type, IdentityEntities.Of);
}
