using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Recording;

namespace SecurityAudit.Capture.SignIns;

/// <summary>
/// Sign-in code of the application's own, which no hook sees into: what its answers tell, and what the application reports.
/// </summary>
internal sealed class SignInsHook : CaptureHook
{
    private const string Remedy =
        "The application signs people in by code of its own: whom it refuses is inferred where its answers show it, and else not seen. "
        + "Call ISecurityAudit.SignInFailed where it refuses somebody, and say so with AddSecurityAudit(audit => audit.SignInsAreReported()).";

    public override string Name => "sign_in";

    public override string Captures => "sign-ins by code of the application's own: those that it reports, and those that its answers show";

    public override string Through => "`ISecurityAudit.SignInFailed`, the answer";

    public override void Register(IServiceCollection services)
    {
        services.AddSingleton<SignInEndpoints>();
        services.AddSingleton<CredentialAttempts>();
        services.AddSingleton<IEventObserver, SignInObserver>();
        services.AddSingleton<IRequestConclusion, SignInConclusion>();
        AuthenticationCaptures.Add<SignInCapture>(services);
    }

    public override Coverage? Check(IServiceProvider scope)
    {
        var schemes = Schemes(scope);
        var own = Array.FindAll(schemes, scheme => IsSignIn(scheme) && !SignInCapture.IsIdentitys(scheme.Name));
        if (own.Length == 0)
        {
            return scope.GetService<SignInsReported>() is null ? null : CoveredIf(isInPlace: true, Remedy);
        }

        var cookies = scope.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>();
        scope.GetRequiredService<SignInEndpoints>().LoginPages =
        [
            .. own.Where(scheme => scheme.HandlerType == typeof(CookieAuthenticationHandler))
                .Select(scheme => cookies.Get(scheme.Name).LoginPath).Where(path => path.HasValue).Distinct(),
        ];
        var isReported = scope.GetService<SignInsReported>() is not null;
        var isSeen = HasIdentity(scope)
            || Array.Exists(schemes, scheme => typeof(IAuthenticationRequestHandler).IsAssignableFrom(scheme.HandlerType));
        return isSeen && !isReported ? null : CoveredIf(isReported, Remedy);
    }

    // Whether it can be made is another hook's question.
    private static bool HasIdentity(IServiceProvider scope) => scope.GetService<IServiceProviderIsService>() is { } known
        ? known.IsService(typeof(ILookupNormalizer))
        : scope.GetService<ILookupNormalizer>() is not null;

    // A scheme that forwards signs nobody in itself.
    private static bool IsSignIn(AuthenticationScheme scheme) =>
        typeof(IAuthenticationSignInHandler).IsAssignableFrom(scheme.HandlerType) && scheme.HandlerType != typeof(PolicySchemeHandler);

    // The framework's own provider has them ready; one of the application's is not waited for without a bound.
    private static AuthenticationScheme[] Schemes(IServiceProvider scope)
    {
        var schemes = scope.GetRequiredService<IAuthenticationSchemeProvider>().GetAllSchemesAsync();
        return schemes.Wait(TimeSpan.FromSeconds(5)) ? [.. schemes.Result]
            : throw new TimeoutException("The application's IAuthenticationSchemeProvider did not name its schemes within 5 s.");
    }
}
