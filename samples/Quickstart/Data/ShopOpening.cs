using Microsoft.AspNetCore.Identity;

namespace Quickstart.Data;

internal static class ShopOpening
{
    /// <summary>Creates, on the first start, the database, the roles and the owner's account.</summary>
    public static async Task OpenShopAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ShopContext>().Database.EnsureCreatedAsync();

        var roles = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();
        foreach (var role in new[] { ShopRoles.Owner, ShopRoles.Staff })
        {
            if (!await roles.RoleExistsAsync(role))
            {
                Check(await roles.CreateAsync(new IdentityRole(role)));
            }
        }

        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var owner = ShopOwner.From(app.Configuration);
        if (await users.FindByNameAsync(owner.Name) is null)
        {
            var account = new IdentityUser(owner.Name) { Email = owner.Name, EmailConfirmed = true };
            Check(await users.CreateAsync(account, owner.Password));
            Check(await users.AddToRoleAsync(account, ShopRoles.Owner));
        }
    }

    private static void Check(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"The shop could not be set up: {string.Join(" ", result.Errors.Select(error => error.Description))}");
        }
    }
}
