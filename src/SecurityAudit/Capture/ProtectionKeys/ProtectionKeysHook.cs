using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Recording;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture.ProtectionKeys;

internal sealed class ProtectionKeysHook : CaptureHook
{
    public override string Name => "protection_keys";

    public override string Captures => "Data Protection keys made, revoked and deleted, by their ids";

    public override string Through => "`IKeyManager`";

    // Not before: an application that protects nothing must not get keys from its recorder.
    public override void Decorate(IServiceCollection services)
    {
        services.Decorate<IKeyManager>(static (provider, inner) => AuditedKeyManager.Around(
            inner, provider.GetRequiredService<SecurityRecorder>(), provider.GetRequiredService<JournalGate>(), provider.GetRequiredService<HookFailures>()));
        for (var index = 0; index < services.Count; index++)
        {
            if (services[index] is { IsKeyedService: false, Lifetime: ServiceLifetime.Singleton, ImplementationType: { } keyRing } descriptor
                && descriptor.ServiceType == typeof(IKeyRingProvider))
            {
                services[index] = ServiceDescriptor.Singleton(typeof(IKeyRingProvider), OnItsOwn(keyRing));
            }
        }
    }

    public override Coverage? Check(IServiceProvider scope) => scope.GetService<IKeyManager>() is { } keys
        ? CoveredIf(keys is AuditedKeyManager, Decoration.Remedy)
        : null;

    /// <summary>
    /// The key ring makes a key when it needs one, in the midst of anybody's request: with a manager of its own it is told from the people
    /// who do.
    /// </summary>
    private static Func<IServiceProvider, object> OnItsOwn([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type keyRing) =>
        provider => ActivatorUtilities.CreateInstance(
            provider, keyRing, provider.GetRequiredService<IKeyManager>() is var keys && keys is AuditedKeyManager audited ? audited.ForKeyRing() : keys);
}
