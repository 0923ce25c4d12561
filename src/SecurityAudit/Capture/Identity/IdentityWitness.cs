using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.Identity;

/// <summary>The one that the hooks into Identity report to. Listens from its creation on: with the first <c>UserManager</c>, at the latest at start.</summary>
/// <remarks>
/// Nothing here throws into the application's sign-in but <see cref="Demand"/>, where the owner chose Refuse: what fails is logged and counted by
/// <see cref="IdentityRecorder"/>.
/// </remarks>
internal sealed class IdentityWitness : IHostedService, IDisposable
{
    private readonly IdentityRequests _requests;
    private readonly SignInWitness _signIns;
    private readonly IdentityRecorder _recorder;
    private readonly JournalGate _gate;
    private readonly IdentityMeter _meter;
    private readonly EntityFrameworkListener _database;

    public IdentityWitness(
        IMeterFactory meterFactory,
        IdentityRequests requests,
        SignInWitness signIns,
        AccountWitness accounts,
        IdentityRecorder recorder,
        JournalGate gate,
        TimeProvider time)
    {
        (_requests, _signIns, _recorder, _gate) = (requests, signIns, recorder, gate);
        _meter = new IdentityMeter(meterFactory, requests, signIns, accounts, recorder, gate);
        _database = new EntityFrameworkListener(requests, accounts, recorder, time, gate);
    }

    /// <summary>Asked before a secret is looked at and before an account is saved. Throws where that must not happen now.</summary>
    public void Demand() => _gate.Demand();

    /// <summary>An account is looked up by this name.</summary>
    public void Claimed(string? name)
    {
        try
        {
            if (!string.IsNullOrEmpty(name) && _requests.Current is { } evidence)
            {
                SignInWitness.Claimed(evidence, name);
            }
        }
        catch (Exception exception)
        {
            _recorder.Failed(nameof(ILookupNormalizer), exception);
        }
    }

    /// <summary>A password was compared with an account's hash.</summary>
    public void PasswordVerified<TUser>(IServiceProvider services, TUser user, PasswordVerificationResult result)
        where TUser : class
    {
        try
        {
            var context = _requests.Context;
            var evidence = _requests.Of(context);
            _signIns.PasswordVerified(context, evidence, Describe(services, user, evidence), result);
        }
        catch (Exception exception)
        {
            _recorder.Failed(nameof(IPasswordHasher<>), exception);
        }
    }

    /// <summary><c>UserManager</c> is about to save the account.</summary>
    public async Task Saving<TUser>(UserManager<TUser> manager, TUser user)
        where TUser : class
    {
        try
        {
            if (_requests.Current is { } evidence)
            {
                var saved = new AuditUser(await manager.GetUserIdAsync(user), await manager.GetUserNameAsync(user));
                var lockout = manager.SupportsUserLockout ? await manager.GetLockoutEndDateAsync(user) : null;
                evidence.Saving = new SavedUser(saved, lockout);
            }
        }
        catch (Exception exception)
        {
            _recorder.Failed(nameof(IUserValidator<>), exception);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _meter.Dispose();
        _database.Dispose();
    }

    // The hasher cannot have UserManager injected, which has the hasher injected. The store knows the key whatever its type; no store
    // waits for anything to tell it, and if one does, the claimed name must do.
    private static AuditUser Describe<TUser>(IServiceProvider services, TUser user, IdentityEvidence? evidence)
        where TUser : class
    {
        var store = services.GetRequiredService<IUserStore<TUser>>();
        var id = store.GetUserIdAsync(user, CancellationToken.None);
        var name = store.GetUserNameAsync(user, CancellationToken.None);
        return new AuditUser(
            id.IsCompletedSuccessfully ? id.Result : null,
            name.IsCompletedSuccessfully ? name.Result : evidence?.ClaimedName);
    }
}
