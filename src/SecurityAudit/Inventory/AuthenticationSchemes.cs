using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Inventory;

/// <summary>The ways in which somebody proves who they are.</summary>
internal sealed class AuthenticationSchemes : IPartSource
{
    public string Kind => "scheme";

    public async ValueTask<IEnumerable<ApplicationPart>> FindAsync(IServiceProvider scope)
    {
        if (!scope.ServesRequests() || scope.GetService<IAuthenticationSchemeProvider>() is not { } provider)
        {
            return [];
        }

        var schemes = await provider.GetAllSchemesAsync();
        return schemes.Select(scheme => new ApplicationPart(Kind, scheme.Name, scheme, "No hook knows its handler: record with ISecurityAudit what it decides."));
    }
}
