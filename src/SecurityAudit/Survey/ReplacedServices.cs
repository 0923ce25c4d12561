using SecurityAudit.Capture;
using SecurityAudit.Inventory;

namespace SecurityAudit.Survey;

/// <summary>Services that capture decorated and the application got another of: from its container's own registrations, say.</summary>
internal sealed class ReplacedServices(RegisteredServices registered) : IPartSource
{
    public string Kind => "service";

    public ValueTask<IEnumerable<ApplicationPart>> FindAsync(IServiceProvider scope) => ValueTask.FromResult(
        registered.All.OfType<DecoratedService>().Select(service => service.ServiceType).Distinct()
            .Where(type => !type.ContainsGenericParameters).Select(type => Part(type, scope)).OfType<ApplicationPart>());

    /// <summary>One that cannot be made does not keep the others from being looked at.</summary>
    private ApplicationPart? Part(Type type, IServiceProvider scope)
    {
        string found;
        try
        {
            if (scope.GetService(type) is not { } service || service.GetType().Assembly == typeof(ReplacedServices).Assembly)
            {
                return null;
            }

            found = $"{NameOf(service.GetType())} took its place after the registrations were decorated: register it with the application's IServiceCollection, "
                + "not with the container's own builder, and call AddSecurityAudit on the host builder.";
        }
        catch (Exception failure)
        {
            found = $"It could not be made to be looked at: {failure.GetType().FullName}. Mend its registration.";
        }

        return new ApplicationPart(Kind, NameOf(type), type, found) { Known = CoverageState.Missing };
    }

    private static string NameOf(Type type) => !type.IsConstructedGenericType ? type.Name
        : $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GenericTypeArguments.Select(NameOf))}>";
}
