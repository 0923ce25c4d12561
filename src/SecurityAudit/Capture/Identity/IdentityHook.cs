using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SecurityAudit.Capture.Identity.Database;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Inventory;

namespace SecurityAudit.Capture.Identity;

/// <summary>Captures ASP.NET Core Identity: sign-ins through its meter, and who they were about through small decorators.</summary>
/// <remarks>
/// The meter cannot be displaced by the application's registrations, so what happened is always seen; the decorators add the names. The
/// user store is never decorated: Identity casts it to a dozen optional interfaces.
/// </remarks>
internal sealed class IdentityHook : CaptureHook
{
    public override string Name => "identity";

    public override string Captures => "sign-ins and their failures, second factors, accounts, roles, claims, credentials";

    public override string Through => "ASP.NET Core Identity's meter, small decorators, Entity Framework Core's diagnostics";

    /// <summary>Adds what listens. Safe to call before or after the application registers Identity, and without Identity.</summary>
    public override void Register(IServiceCollection services)
    {
        services.TryAddSingleton<IdentityRecorder>();
        services.TryAddSingleton<IdentityRequests>();
        services.TryAddSingleton<CoveredAccounts>();
        services.TryAddSingleton<EntityFrameworkListener>();
        services.TryAddSingleton<IdentityReporter>();
        services.AddSingleton<IMeterObserver, IdentityMeter>();
        services.AddSingleton<IRequestConclusion, IdentityConclusion>();
        services.AddHostedService(provider => provider.GetRequiredService<IdentityReporter>());
    }

    /// <summary>
    /// Decorates what Identity registered. Called when every registration is made and the user types are therefore known.
    /// </summary>
    public override void Decorate(IServiceCollection services)
    {
        var descriptors = services.ToArray();
        for (var i = 0; i < descriptors.Length; i++)
        {
            var descriptor = descriptors[i];
            if (descriptor.IsKeyedService)
            {
                continue;
            }

            if (descriptor.ServiceType == typeof(ILookupNormalizer))
            {
                services[i] = descriptor.Around((provider, inner) =>
                    new AuditedLookupNormalizer((ILookupNormalizer)inner, provider.GetRequiredService<IdentityReporter>()));
            }
            else if (IsClosed(descriptor.ServiceType, typeof(IPasswordHasher<>)))
            {
                var decoration = UserDecoration.Of(descriptor.ServiceType.GenericTypeArguments[0]);
                services[i] = descriptor.Around(decoration.Hasher);
            }
            else if (descriptor.ServiceType == typeof(IPasswordHasher<>) && descriptor.ImplementationType is { } open)
            {
                services[i] = new ServiceDescriptor(typeof(IPasswordHasher<>), typeof(AuditedOpenPasswordHasher<>), descriptor.Lifetime);
                services.Add(new ServiceDescriptor(typeof(IPasswordHasher<>), AuditedOpenPasswordHasher<object>.Inner, open, descriptor.Lifetime));
            }
            else if (IsClosed(descriptor.ServiceType, typeof(PasswordHasher<>)) && descriptor.ImplementationType == descriptor.ServiceType)
            {
                var decoration = UserDecoration.Of(descriptor.ServiceType.GenericTypeArguments[0]);
                services[i] = new ServiceDescriptor(descriptor.ServiceType, decoration.HasherClass, descriptor.Lifetime);
            }
            else if (IsClosed(descriptor.ServiceType, typeof(IPasskeyHandler<>)))
            {
                services[i] = descriptor.Around(UserDecoration.Of(descriptor.ServiceType.GenericTypeArguments[0]).Passkeys);
            }
            else if (IsClosed(descriptor.ServiceType, typeof(UserManager<>)))
            {
                var decoration = UserDecoration.Of(descriptor.ServiceType.GenericTypeArguments[0]);
                foreach (var validator in decoration.Validators(services).ToArray())
                {
                    services.Add(validator);
                }

                services.Add(decoration.Sessions);
            }
            else if (IsClosed(descriptor.ServiceType, typeof(RoleManager<>)))
            {
                services.Add(RoleDecoration.Of(descriptor.ServiceType.GenericTypeArguments[0]).Validator);
            }
        }
    }

    public override Coverage? Check(IServiceProvider scope) => scope.GetService<ILookupNormalizer>() is { } normalizer
        ? CoveredIf(
            normalizer is AuditedLookupNormalizer,
            "ASP.NET Core Identity was registered where it could not be decorated: sign-ins are recorded, most of them without a name. "
                + "Call AddSecurityAudit on the host builder, or after AddIdentity.")
        : null;

    public override CoverageItem? Judge(ApplicationPart part, IServiceProvider scope) => part.Subject switch
    {
        Type context when TypeNames.Is(context, "Microsoft.AspNetCore.Identity.EntityFrameworkCore.IdentityUserContext") => part.Covered(),
        Type => part.Partly(
            "Of what is saved in it only ASP.NET Core Identity's entities are recorded, if it has any, and what Track names: "
                + "name the entities that say who may do what with audit.Track<T>()."),
        _ => null,
    };

    private static bool IsClosed(Type service, Type definition) =>
        service.IsConstructedGenericType && service.GetGenericTypeDefinition() == definition;
}
