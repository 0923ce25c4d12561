using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture.Identity;

/// <summary>
/// Whether a store may be asked for the account as it was before, while the changed one is about to be saved. Identity itself asks its store
/// then; but one that works on a session which keeps what it has loaded could take the two for each other.
/// </summary>
internal static class StoreReading
{
    private static readonly string[] Sessions = ["Context", "Session", "UnitOfWork", "Repository"];

    public static bool IsAllowed<TUser>(IServiceCollection services)
        where TUser : class =>
        services.LastOrDefault(service => !service.IsKeyedService && service.ServiceType == typeof(IUserStore<TUser>))?.ImplementationType is { } store
            && !HasSession(store);

    private static bool HasSession([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type store) =>
        store.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Any(parameter => IsSession(parameter.ParameterType));

    private static bool IsSession(Type type)
    {
        for (var candidate = type; candidate is not null; candidate = candidate.BaseType)
        {
            if (Array.Exists(Sessions, name => candidate.Name.Contains(name, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }
}
