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
        var name = app.Configuration["Shop:Owner"] ?? "owner@shop.example";
        if (await users.FindByNameAsync(name) is null)
        {
            var owner = new IdentityUser(name) { Email = name, EmailConfirmed = true };
            Check(await users.CreateAsync(owner, app.Configuration["Shop:OwnerPassword"] ?? "Demo-Owner-1"));
            Check(await users.AddToRoleAsync(owner, ShopRoles.Owner));
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
