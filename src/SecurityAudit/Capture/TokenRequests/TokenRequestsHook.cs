using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Capture.TokenRequests;

internal sealed class TokenRequestsHook : CaptureHook
{
    public override string Name => "token_requests";

    public override string Captures => "tokens that OpenIddict's server issues and revokes, token requests that it refuses";

    public override string Through => "`IAuthenticationService`, OpenIddict's transaction";

    public override void Register(IServiceCollection services) => services.AddSingleton<IRequestConclusion, TokenRequestConclusion>();

    public override Coverage? Check(IServiceProvider scope)
    {
        // Nothing of it waits: the schemes are in memory.
        var schemes = scope.GetRequiredService<IAuthenticationSchemeProvider>().GetAllSchemesAsync().GetAwaiter().GetResult();
        return schemes.Any(TokenSchemes.IsServer)
            ? CoveredIf(OpenIddictTransaction.IsKnown, "This version of OpenIddict keeps its transaction elsewhere: record token requests by a handler of its events.")
            : null;
    }
}
