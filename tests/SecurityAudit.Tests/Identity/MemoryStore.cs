using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;

namespace SecurityAudit.Tests.Identity;

/// <summary>A user store of an application's own, without a database.</summary>
internal sealed class MemoryStore : IUserPasswordStore<ShopUser>, IUserLockoutStore<ShopUser>, IUserSecurityStampStore<ShopUser>
{
    // Identity makes a store for each scope; the accounts are to outlive it, and each test has keys of its own.
    private static readonly ConcurrentDictionary<string, ShopUser> Users = new(StringComparer.Ordinal);

    public Task<IdentityResult> CreateAsync(ShopUser user, CancellationToken cancellationToken) => Saved(() => Users[user.Id] = user);

    public Task<IdentityResult> UpdateAsync(ShopUser user, CancellationToken cancellationToken) => Saved(() => Users[user.Id] = user);

    public Task<IdentityResult> DeleteAsync(ShopUser user, CancellationToken cancellationToken) => Saved(() => Users.TryRemove(user.Id, out _));

    public Task<ShopUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Task.FromResult(Users.GetValueOrDefault(userId));

    public Task<ShopUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        Task.FromResult(Users.Values.FirstOrDefault(user => user.NormalizedUserName == normalizedUserName));

    public Task<string> GetUserIdAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.UserName);

    public Task SetUserNameAsync(ShopUser user, string? userName, CancellationToken cancellationToken) => Saved(() => user.UserName = userName);

    public Task<string?> GetNormalizedUserNameAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.NormalizedUserName);

    public Task SetNormalizedUserNameAsync(ShopUser user, string? normalizedName, CancellationToken cancellationToken) =>
        Saved(() => user.NormalizedUserName = normalizedName);

    public Task<string?> GetPasswordHashAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetPasswordHashAsync(ShopUser user, string? passwordHash, CancellationToken cancellationToken) =>
        Saved(() => user.PasswordHash = passwordHash);

    public Task<string?> GetSecurityStampAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.SecurityStamp);

    public Task SetSecurityStampAsync(ShopUser user, string stamp, CancellationToken cancellationToken) => Saved(() => user.SecurityStamp = stamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnd);

    public Task SetLockoutEndDateAsync(ShopUser user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) =>
        Saved(() => user.LockoutEnd = lockoutEnd);

    public Task<int> IncrementAccessFailedCountAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(++user.AccessFailedCount);

    public Task ResetAccessFailedCountAsync(ShopUser user, CancellationToken cancellationToken) => Saved(() => user.AccessFailedCount = 0);

    public Task<int> GetAccessFailedCountAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.AccessFailedCount);

    public Task<bool> GetLockoutEnabledAsync(ShopUser user, CancellationToken cancellationToken) => Task.FromResult(user.LockoutEnabled);

    public Task SetLockoutEnabledAsync(ShopUser user, bool enabled, CancellationToken cancellationToken) => Saved(() => user.LockoutEnabled = enabled);

    public void Dispose()
    {
        // Holds nothing.
    }

    private static Task<IdentityResult> Saved(Action change)
    {
        change();
        return Task.FromResult(IdentityResult.Success);
    }
}
