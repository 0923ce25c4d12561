using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Quickstart.Data;
using SecurityAudit;

namespace Quickstart.Pages.Admin;

public sealed class UsersModel(ShopContext shop, UserManager<IdentityUser> users, ISecurityAudit audit) : PageModel
{
    public IReadOnlyList<Person> People { get; private set; } = [];

    public async Task OnGetAsync()
    {
        audit.Record(SecurityEvents.SensitiveRead("customer list"));
        var roles = (await (from membership in shop.UserRoles
                            join role in shop.Roles on membership.RoleId equals role.Id
                            select new { membership.UserId, role.Name }).ToListAsync()).ToLookup(row => row.UserId, row => row.Name!);

        var accounts = await shop.Users.OrderBy(user => user.UserName).Take(200).ToListAsync();
        People = [.. accounts.Select(user => new Person(user, [.. roles[user.Id]], user.LockoutEnd > DateTimeOffset.UtcNow))];
    }

    public Task<IActionResult> OnPostGrantAsync(string user) => ChangeAsync(user, found => users.AddToRoleAsync(found, ShopRoles.Staff));

    public Task<IActionResult> OnPostRevokeAsync(string user) => ChangeAsync(user, found => users.RemoveFromRoleAsync(found, ShopRoles.Staff));

    public Task<IActionResult> OnPostUnlockAsync(string user) => ChangeAsync(user, found => users.SetLockoutEndDateAsync(found, null));

    private async Task<IActionResult> ChangeAsync(string id, Func<IdentityUser, Task<IdentityResult>> change)
    {
        if (await users.FindByIdAsync(id) is not { } found)
        {
            return NotFound();
        }

        return (await change(found)).Succeeded ? RedirectToPage() : BadRequest();
    }

    public sealed record Person(IdentityUser User, IReadOnlyList<string> Roles, bool Locked);
}
