using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Quickstart.Data;
using SecurityAudit;

namespace Quickstart.Api;

/// <summary>What the shop's mobile application talks to: Identity's own endpoints for tokens, and the customer's orders.</summary>
internal static class ShopApi
{
    public static void MapShopApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api");
        api.MapIdentityApi<IdentityUser>();

        var orders = api.MapGroup("/orders").RequireAuthorization("Api");
        orders.MapGet("/", (ClaimsPrincipal user, ShopContext shop) => shop.OrdersOf(user).ToListAsync()).WithAudit("order.list");
        orders.MapPost("/", PlaceAsync).WithAudit("order.place");
    }

    private static async Task<IResult> PlaceAsync(NewOrder order, ClaimsPrincipal user, ShopContext shop) =>
        await shop.PlaceOrderAsync(user, order.Product) is { } placed
            ? Results.Created($"/api/orders/{placed.Id}", placed)
            : Results.ValidationProblem(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["product"] = ["The shop has no such product."] });

    private sealed record NewOrder(string Product);
}
