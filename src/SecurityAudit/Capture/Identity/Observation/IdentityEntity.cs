using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Capture.Identity.Observation;

/// <summary>What a mapped class is to ASP.NET Core Identity.</summary>
internal enum IdentityEntity
{
    None,
    User,
    Role,
    UserRole,
    UserClaim,
    RoleClaim,
    UserLogin,
    UserToken,
    UserPasskey,
}

/// <summary>Recognizes the classes of Identity and those that applications derive from them.</summary>
internal static class IdentityEntities
{
    public static IdentityEntity Of(Type type)
    {
        for (var candidate = type; candidate is not null; candidate = candidate.BaseType)
        {
            if (candidate.IsConstructedGenericType && Of(candidate.GetGenericTypeDefinition(), out var entity))
            {
                return entity;
            }
        }

        return IdentityEntity.None;
    }

    private static bool Of(Type definition, out IdentityEntity entity)
    {
        entity = definition switch
        {
            _ when definition == typeof(IdentityUser<>) => IdentityEntity.User,
            _ when definition == typeof(IdentityRole<>) => IdentityEntity.Role,
            _ when definition == typeof(IdentityUserRole<>) => IdentityEntity.UserRole,
            _ when definition == typeof(IdentityUserClaim<>) => IdentityEntity.UserClaim,
            _ when definition == typeof(IdentityRoleClaim<>) => IdentityEntity.RoleClaim,
            _ when definition == typeof(IdentityUserLogin<>) => IdentityEntity.UserLogin,
            _ when definition == typeof(IdentityUserToken<>) => IdentityEntity.UserToken,
            _ when definition == typeof(IdentityUserPasskey<>) => IdentityEntity.UserPasskey,
            _ => IdentityEntity.None,
        };
        return entity != IdentityEntity.None;
    }
}
