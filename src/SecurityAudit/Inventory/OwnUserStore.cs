using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Inventory;

/// <summary>A user store that is not Entity Framework Core's: what of its accounts is recorded is what <c>UserManager</c> shows.</summary>
/// <param name="Name">Its type, or the user's where that is not told.</param>
/// <param name="MayRead">It is asked for an account as it was before.</param>
internal sealed record OwnUserStore(string Name, bool MayRead)
{
    /// <summary>What is covered and what is not, as the start says it.</summary>
    public string Limits => $"Accounts in {Name} are covered in part: their changes are recorded as UserManager saves them, "
        + (MayRead ? "before and after" : "after, and not what they were before (the store is given a session that it must not share)")
        + "; which claims, logins and tokens changed is not known, and neither whose account was deleted, or was refused a change before it was saved. "
        + "What is saved past UserManager is not seen: record it with ISecurityAudit.";

    /// <summary>The store of these users; null if it is Entity Framework Core's, or there is none.</summary>
    public static OwnUserStore? Of<TUser>(IServiceCollection services, bool mayRead)
        where TUser : class
    {
        if (services.LastOrDefault(service => !service.IsKeyedService && service.ServiceType == typeof(IUserStore<TUser>)) is not { } store)
        {
            return null;
        }

        for (var type = store.ImplementationType; type is not null; type = type.BaseType)
        {
            if (type.Namespace is "Microsoft.AspNetCore.Identity.EntityFrameworkCore")
            {
                return null;
            }
        }

        return new OwnUserStore(store.ImplementationType?.Name ?? $"the store of {typeof(TUser).Name}", mayRead);
    }
}
