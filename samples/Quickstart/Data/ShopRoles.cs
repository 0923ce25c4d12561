namespace Quickstart.Data;

internal static class ShopRoles
{
    public const string Owner = "Owner";
    public const string Staff = "Staff";
}
