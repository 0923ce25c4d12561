using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Responses;

/// <summary>Ends sessions through ASP.NET Core Identity: whoever holds one is asked for the account's stamp, which is a new one then.</summary>
internal sealed class AccountSessions<TUser> : IAccountSessions
    where TUser : class
{
    public async Task<IFoundAccount?> FindAsync(IServiceProvider services, string id, string? name)
    {
        var users = services.GetRequiredService<UserManager<TUser>>();
        return await users.FindByIdAsync(id) is { } user && (name is null || string.Equals(await users.GetUserNameAsync(user), name, StringComparison.Ordinal))
            ? new Found(users, user)
            : null;
    }

    private sealed class Found(UserManager<TUser> users, TUser user) : IFoundAccount
    {
        public async Task<string?> EndSessionsAsync()
        {
            if (!users.SupportsUserSecurityStamp)
            {
                return "the user store keeps no security stamps";
            }

            var result = await users.UpdateSecurityStampAsync(user);
            return result.Succeeded ? null : "Identity refused it: " + string.Join(", ", result.Errors.Select(error => error.Code));
        }
    }
}
