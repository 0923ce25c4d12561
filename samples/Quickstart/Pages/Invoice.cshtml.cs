using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Quickstart.Pages;

/// <summary>The page with a bug: every shop has one.</summary>
public sealed class InvoiceModel : PageModel
{
    public void OnGet(int order) =>
        throw new InvalidOperationException($"Invoice {order} for {User.Identity?.Name} cannot be printed: no tax table has been loaded.");
}
