namespace SecurityAudit.Inventory;

/// <summary>Entity Framework Core's contexts, by the names of its types: it may not be there.</summary>
internal sealed class DbContexts(RegisteredServices registered) : IPartSource
{
    private const string Context = "Microsoft.EntityFrameworkCore.DbContext";
    private const string Factory = "Microsoft.EntityFrameworkCore.IDbContextFactory";

    public string Kind => "db_context";

    public ValueTask<IEnumerable<ApplicationPart>> FindAsync(IServiceProvider scope) => ValueTask.FromResult(registered.All
        .Select(service => ContextOf(service.ServiceType))
        .OfType<Type>()
        .Distinct()
        .Select(context => new ApplicationPart(Kind, context.Name, context, "No change in it is recorded: record what matters with ISecurityAudit.")));

    private static Type? ContextOf(Type service) =>
        TypeNames.Is(service, Context) ? service
        : service.IsConstructedGenericType && TypeNames.Is(service, Factory) ? service.GenericTypeArguments[0]
        : null;
}
