using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SecurityAudit.Refusal;

namespace SecurityAudit.Capture;

/// <summary>
/// What every <see cref="AuditedAuthenticationService"/> shares: for each operation those captures that take part in it, the first outermost.
/// </summary>
internal sealed class AuthenticationCaptures
{
    public AuthenticationCaptures(IEnumerable<IAuthenticationCapture> captures, SchemeForwarding forwarding, HookFailures failures, JournalGate gate)
    {
        IAuthenticationCapture[] all = [.. captures];
        Failures = failures;
        Authenticate = [.. all.OfType<IAuthenticateCapture>()];
        SignIn = Operation(SchemeOperation.SignIn, all.OfType<ISignInCapture>(), static (capture, call, next) => capture.SignInAsync(call, call.Principal!, next), gate);
        SignOut = Operation(SchemeOperation.SignOut, all.OfType<ISignOutCapture>(), static (capture, call, next) => capture.SignOutAsync(call, next));
        Challenge = Operation(SchemeOperation.Challenge, all.OfType<IChallengeCapture>(), static (capture, call, next) => capture.ChallengeAsync(call, next));
        Forbid = Operation(SchemeOperation.Forbid, all.OfType<IForbidCapture>(), static (capture, call, next) => capture.ForbidAsync(call, next));

        AuditedOperation Operation<TCapture>(
            SchemeOperation operation, IEnumerable<TCapture> captures, Func<TCapture, AuthenticationCall, NextOperation, Task> capture, JournalGate? gate = null)
            where TCapture : IAuthenticationCapture =>
            new(operation, [.. captures.Select(part => new AuditedStep(part, (call, next) => capture(part, call, next)))], forwarding, failures, gate);
    }

    public HookFailures Failures { get; }

    public IAuthenticateCapture[] Authenticate { get; }

    public AuditedOperation SignIn { get; }

    public AuditedOperation SignOut { get; }

    public AuditedOperation Challenge { get; }

    public AuditedOperation Forbid { get; }

    /// <summary>Adds a hook's capture, and with the first one the decorator that all of them share.</summary>
    public static void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCapture>(IServiceCollection services)
        where TCapture : class, IAuthenticationCapture
    {
        if (!services.Any(service => service.ServiceType == typeof(AuthenticationCaptures)))
        {
            services.AddAuthenticationCore();
            services.AddSingleton<SchemeForwarding>();
            services.AddSingleton(typeof(IPostConfigureOptions<>), typeof(WatchedSchemeOptions<>));
            services.AddSingleton<AuthenticationCaptures>();
            services.Decorate<IAuthenticationService>(static (provider, inner) =>
                new AuditedAuthenticationService(inner, provider.GetRequiredService<AuthenticationCaptures>()));
        }

        services.AddSingleton<IAuthenticationCapture, TCapture>();
    }
}
