using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Inventory;

/// <summary>Services that capture decorated and the application got another of: from its container's own registrations, say.</summary>
internal sealed class ReplacedServices(RegisteredServices registered) : IPartSource
{
    public string Kind => "service";

    public ValueTask<IEnumerable<ApplicationPart>> FindAsync(IServiceProvider scope) => ValueTask.FromResult(registered.Decorated
        .Where(type => !type.ContainsGenericParameters)
        .Select(type => (Type: type, Instance: scope.GetService(type)))
        .Where(service => service.Instance is not null && service.Instance.GetType().Assembly != typeof(ReplacedServices).Assembly)
        .Select(service => new ApplicationPart(
            Kind, NameOf(service.Type), service.Instance!,
            $"{NameOf(service.Instance!.GetType())} took its place after the registrations were decorated: register it with the application's IServiceCollection, "
                + "not with the container's own builder, and call AddSecurityAudit on the host builder.")
            {
                Known = CoverageState.Missing,
            }));

    private static string NameOf(Type type) => !type.IsConstructedGenericType ? type.Name
        : $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GenericTypeArguments.Select(NameOf))}>";
}
