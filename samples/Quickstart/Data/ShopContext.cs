using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Quickstart.Data;

public sealed class ShopContext(DbContextOptions<ShopContext> options) : IdentityDbContext<IdentityUser, IdentityRole, string>(options)
{
    public DbSet<Order> Orders => Set<Order>();

    public IQueryable<Order> OrdersOf(ClaimsPrincipal user)
    {
        var id = user.FindFirstValue(ClaimTypes.NameIdentifier);
        return Orders.Where(order => order.CustomerId == id).OrderByDescending(order => order.Id);
    }

    /// <summary>The order, or null when the shop has no such product.</summary>
    public async Task<Order?> PlaceOrderAsync(ClaimsPrincipal user, string? productId)
    {
        if (Product.Find(productId) is not { } product)
        {
            return null;
        }

        var order = new Order
        {
            CustomerId = user.FindFirstValue(ClaimTypes.NameIdentifier)!,
            Product = product.Name,
            PlacedAt = DateTime.UtcNow,
        };
        Orders.Add(order);
        await SaveChangesAsync();
        return order;
    }
}
