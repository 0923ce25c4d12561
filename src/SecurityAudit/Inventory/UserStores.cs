using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Inventory;

/// <summary>Where Identity keeps its accounts without Entity Framework Core: of such a store only what <c>UserManager</c> shows is seen.</summary>
internal sealed class UserStores : IPartSource
{
    public string Kind => "user_store";

    public ValueTask<IEnumerable<ApplicationPart>> FindAsync(IServiceProvider scope) => ValueTask.FromResult(
        scope.GetServices<OwnUserStore>().Select(store => new ApplicationPart(Kind, store.Name, store, store.Limits) { Known = CoverageState.Partial }));
}
