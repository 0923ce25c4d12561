using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Quickstart.Data;
using SecurityAudit;

namespace Quickstart.Pages;

public sealed class OrdersModel(ShopContext shop) : PageModel
{
    public IReadOnlyList<Order> Orders { get; private set; } = [];

    public async Task OnGetAsync() => Orders = await shop.OrdersOf(User).ToListAsync();

    [Audit("order.place", Arguments = ["product"])]
    public async Task<IActionResult> OnPostAsync(string product) =>
        await shop.PlaceOrderAsync(User, product) is null ? NotFound() : RedirectToPage();
}
