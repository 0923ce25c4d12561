using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Quickstart.Data;
using SecurityAudit;

namespace Quickstart.Pages.Admin;

public sealed class IndexModel(ShopContext shop) : PageModel
{
    public IReadOnlyList<Order> Orders { get; private set; } = [];

    public async Task OnGetAsync() =>
        Orders = await shop.Orders.Where(order => order.ShippedAt == null).OrderByDescending(order => order.Id).Take(50).ToListAsync();

    [Audit("order.ship", Arguments = ["order"])]
    public async Task<IActionResult> OnPostAsync(int order)
    {
        if (await shop.Orders.FindAsync(order) is not { } found)
        {
            return NotFound();
        }

        found.ShippedAt = DateTime.UtcNow;
        await shop.SaveChangesAsync();
        return RedirectToPage();
    }
}
