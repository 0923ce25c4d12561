using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Identity;
using SecurityAudit.Capture.Identity.Trail;

namespace SecurityAudit.Capture.Identity;

/// <summary>Reads an account through <c>UserManager</c>, whatever its type and its store are; no secret is asked for.</summary>
internal static class AccountReader
{
    public static async Task<AuditUser> Who<TUser>(UserManager<TUser> manager, TUser user)
        where TUser : class =>
        new(await manager.GetUserIdAsync(user), await manager.GetUserNameAsync(user))
        {
            Email = manager.SupportsUserEmail ? await manager.GetEmailAsync(user) : null,
        };

    public static async Task<AccountValues> Values<TUser>(UserManager<TUser> manager, TUser user)
        where TUser : class
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        values["user_name"] = await manager.GetUserNameAsync(user);
        if (manager.SupportsUserEmail)
        {
            values["email"] = await manager.GetEmailAsync(user);
            values["email_confirmed"] = Text(await manager.IsEmailConfirmedAsync(user));
        }

        if (manager.SupportsUserPhoneNumber)
        {
            values["phone_number"] = await manager.GetPhoneNumberAsync(user);
            values["phone_number_confirmed"] = Text(await manager.IsPhoneNumberConfirmedAsync(user));
        }

        if (manager.SupportsUserTwoFactor)
        {
            values["two_factor"] = Text(await manager.GetTwoFactorEnabledAsync(user));
        }

        if (manager.SupportsUserLockout)
        {
            values["lockout_enabled"] = Text(await manager.GetLockoutEnabledAsync(user));
            values["lockout_end"] = (await manager.GetLockoutEndDateAsync(user))?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        }

        return new AccountValues(values.ToImmutable());
    }

    private static string Text(bool flag) => flag ? "true" : "false";
}
