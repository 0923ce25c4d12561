using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Identity.Trail;

namespace SecurityAudit.Capture.Identity;

/// <summary>
/// Whose password was compared: as Identity's store says, or, of an application that has none for this type, as the account's own
/// properties do. Never throws: that a password was wrong is recorded whoever's it was.
/// </summary>
internal sealed class CheckedAccounts(IdentityRequests requests, IdentityRecorder recorder)
{
    private readonly AccountProperties _properties = new();

    /// <param name="services">Those of the hasher; a request's own are asked before them.</param>
    /// <param name="user">The account; null where the application gives none to its hasher.</param>
    public (AuditUser Account, bool HasStore) Of<TUser>(IServiceProvider services, TUser? user)
        where TUser : class
    {
        IUserStore<TUser>? store = null;
        try
        {
            store = (requests.Context?.RequestServices ?? services).GetService<IUserStore<TUser>>();
            if (user is not null && store is not null)
            {
                return (Describe(store, user), true);
            }
        }
        catch (Exception exception)
        {
            recorder.Unnamed(nameof(IUserStore<>), exception);
        }

        try
        {
            return (user is null ? SignInWords.Unnamed : _properties.Read(user), store is not null);
        }
        catch (Exception exception)
        {
            recorder.Unnamed(typeof(TUser).Name, exception);
            return (SignInWords.Unnamed, store is not null);
        }
    }

    // The hasher cannot have UserManager injected, which has the hasher injected. The store knows the key whatever its type; no store waits
    // for anything to tell it, and if one does, the name that was looked up must do.
    private static AuditUser Describe<TUser>(IUserStore<TUser> store, TUser user)
        where TUser : class
    {
        var id = store.GetUserIdAsync(user, CancellationToken.None);
        var name = store.GetUserNameAsync(user, CancellationToken.None);
        var email = (store as IUserEmailStore<TUser>)?.GetEmailAsync(user, CancellationToken.None);
        return new AuditUser(
            id.IsCompletedSuccessfully ? id.Result : null,
            name.IsCompletedSuccessfully ? name.Result : null)
        {
            Email = email is { IsCompletedSuccessfully: true } ? email.Result : null,
        };
    }
}
