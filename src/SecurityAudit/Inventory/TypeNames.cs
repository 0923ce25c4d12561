namespace SecurityAudit.Inventory;

/// <summary>Types of packages that are not referenced, known by their names.</summary>
internal static class TypeNames
{
    public const string JwtBearerHandler = "Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler";

    /// <summary>Whether a type is, or derives from, the one of that name; of a generic type, whatever its parameters.</summary>
    public static bool Is(Type? type, string name)
    {
        for (; type is not null; type = type.BaseType)
        {
            if ($"{type.Namespace}.{type.Name.Split('`')[0]}" == name)
            {
                return true;
            }
        }

        return false;
    }
}
