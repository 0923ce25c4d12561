using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SecurityAudit.Capture.Tables;

/// <summary>Captures the changes of tables that the application names, through what the identity hook hears of the database.</summary>
internal sealed class TablesHook : CaptureHook
{
    public override string Name => "tables";

    public override string Captures => "rows of the tables that `Track<T>` names, before and after; statements past `SaveChanges` on those and on Identity's tables";

    public override string Through => "Entity Framework Core's diagnostics";

    public override void Register(IServiceCollection services)
    {
        services.TryAddSingleton<TrackedTables>();
        services.TryAddSingleton<TrackedRows>();
    }

    public override Coverage? Check(IServiceProvider scope)
    {
        var tracked = scope.GetRequiredService<TrackedTables>().Types;
        if (tracked.Count == 0)
        {
            return null;
        }

        IReadOnlyList<Type> unmapped = EntityFrameworkSupport.IsSupported ? Unknown(scope, tracked) : tracked;
        string[] unknown = [.. unmapped.Select(type => type.Name)];
        return CoveredIf(
            unknown.Length == 0,
            $"No registered DbContext has {string.Join(", ", unknown)} in its model, which Track names: add its context with AddDbContext or "
                + "AddDbContextFactory, or track the class that is mapped.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<Type> Unknown(IServiceProvider scope, IReadOnlyList<Type> tracked)
    {
        List<Type> unknown = [.. tracked];
        foreach (var options in scope.GetServices<DbContextOptions>())
        {
            if (unknown.Count > 0 && scope.GetService(options.ContextType) is DbContext context)
            {
                unknown.RemoveAll(type => context.Model.GetEntityTypes().Any(entity => type.IsAssignableFrom(entity.ClrType)));
            }
        }

        return unknown;
    }
}
