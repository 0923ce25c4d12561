using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture.ProtectedData;

internal sealed class ProtectedDataHook : CaptureHook
{
    public override string Name => "protected_data";

    public override string Captures => "what Data Protection could not decrypt, by its purpose";

    public override string Through => "`IDataProtectionProvider`";

    // Not before: an application that protects nothing must not get keys from its recorder.
    public override void Decorate(IServiceCollection services)
    {
        services.AddSingleton<DecryptionFailures>();
        services.Decorate<IDataProtectionProvider>(static (provider, inner) =>
            new AuditedProtectionProvider(inner, provider.GetRequiredService<DecryptionFailures>()));
    }

    public override Coverage? Check(IServiceProvider scope) => scope.GetService<IDataProtectionProvider>() is { } provider
        ? CoveredIf(provider is AuditedProtectionProvider, Decoration.Remedy)
        : null;
}
