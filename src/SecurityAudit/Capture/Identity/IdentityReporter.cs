using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Hosting;
using SecurityAudit.Capture.Identity.Database;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Identity.Trail;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Identity;

/// <summary>
/// What the decorators of Identity's services report to. Its creation, with the first <c>UserManager</c>, at the latest at start, begins
/// the listening to meters and databases.
/// </summary>
/// <remarks>
/// Nothing here throws into the application's sign-in but <see cref="Demand"/>, where the owner chose Refuse: what fails is logged and
/// counted by <see cref="IdentityRecorder"/>.
/// </remarks>
internal sealed class IdentityReporter : IHostedService
{
    private readonly IdentityRequests _requests;
    private readonly CoveredAccounts _covered;
    private readonly IdentityRecorder _recorder;
    private readonly JournalGate _gate;
    private readonly TimeProvider _time;
    private readonly CheckedAccounts _accounts;

    public IdentityReporter(
        IdentityRequests requests, CoveredAccounts covered, IdentityRecorder recorder, JournalGate gate, TimeProvider time, FrameworkMeters meters,
            EntityFrameworkListener database)
    {
        // These two are made here so that they listen: each does from its creation on.
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(database);
        (_requests, _covered, _recorder, _gate, _time, _accounts) = (requests, covered, recorder, gate, time, new CheckedAccounts(requests, recorder));
    }

    /// <summary>Asked before a secret is looked at and before an account is saved. Throws where that must not happen now.</summary>
    public void Demand() => _gate.Demand();

    /// <summary>An account is looked up by this name.</summary>
    public void LookedUp(string? name)
    {
        try
        {
            if (!string.IsNullOrEmpty(name))
            {
                _requests.Saw(new NameLookedUp(IdentityRequests.Now, name));
            }
        }
        catch (Exception exception)
        {
            _recorder.Failed(nameof(ILookupNormalizer), exception);
        }
    }

    /// <summary>A password was compared with an account's hash.</summary>
    public void Compared<TUser>(IServiceProvider services, TUser? user, PasswordVerificationResult result)
        where TUser : class
    {
        try
        {
            var (account, hasStore) = _accounts.Of(services, user);
            _requests.Saw(new PasswordCompared(
                IdentityRequests.Now,
                account,
                IsRight: result != PasswordVerificationResult.Failed,
                NeedsNewHash: result == PasswordVerificationResult.SuccessRehashNeeded,
                IsOwn: !hasStore));
        }
        catch (Exception exception)
        {
            _recorder.Failed(nameof(IPasswordHasher<>), exception);
        }
    }

    /// <summary>A hasher that tells of each comparison is in use: an account whose hash was not compared has none.</summary>
    public void HasHasher() => _requests.SeesHashes = true;

    /// <summary><c>UserManager</c> is about to save the account.</summary>
    /// <param name="manager">The manager.</param>
    /// <param name="user">The account.</param>
    /// <param name="mayRead">Whether the store may be asked for the account as it was.</param>
    public async Task Saving<TUser>(UserManager<TUser> manager, TUser user, bool mayRead)
        where TUser : class
    {
        try
        {
            var account = await AccountReader.Who(manager, user);
            var lockout = manager.SupportsUserLockout ? await manager.GetLockoutEndDateAsync(user) : null;
            var saving = new AccountSaving(IdentityRequests.Now, account, lockout > _time.GetUtcNow());
            _requests.Saw(_covered.Contains(typeof(TUser).FullName) ? saving : await Read(manager, user, saving, mayRead));
        }
        catch (Exception exception)
        {
            _recorder.Failed(nameof(IUserValidator<>), exception);
        }
    }

    /// <summary>A new password is judged for the account.</summary>
    public async Task Judging<TUser>(UserManager<TUser> manager, TUser user)
        where TUser : class
    {
        try
        {
            var account = await AccountReader.Who(manager, user);
            _requests.Saw(new AccountSeen(IdentityRequests.Now, account));
        }
        catch (Exception exception)
        {
            _recorder.Failed(nameof(IPasswordValidator<>), exception);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Of a store without Entity Framework Core nobody else tells what changes.
    private async Task<AccountSaving> Read<TUser>(UserManager<TUser> manager, TUser user, AccountSaving saving, bool mayRead)
        where TUser : class
    {
        var state = _requests.Known;
        // A count of failures is no change that is told of; under attack the store is not asked for it.
        if (state.Seen<PasswordCompared>().Any(compared => !compared.IsRight && TrailState.IsSame(compared.Account, saving.Account)))
        {
            return saving;
        }

        var after = await AccountReader.Values(manager, user);
        var before = mayRead && saving.Account.Id is { Length: > 0 } id && await manager.FindByIdAsync(id) is { } stored && !ReferenceEquals(stored, user)
            ? await AccountReader.Values(manager, stored)
            : null;
        var givesRoles = mayRead && manager.SupportsUserRole && state.Seen<NameLookedUp>().Any(seen => !TrailState.IsOf(seen, saving.Account));
        return saving with
        {
            Before = before,
            After = after,
            Roles = givesRoles ? [.. await manager.GetRolesAsync(user)] : default,
        };
    }
}
