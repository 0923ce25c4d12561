using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.Extensions.DependencyInjection;

namespace SecurityAudit.Inventory;

/// <summary>Schemes whose credential the client's own code sends: a browser does not add it to a request that another site made.</summary>
internal static class BearerSchemes
{
    // Its package is not referenced.
    private const string OpenIddictValidation = "OpenIddict.Validation.AspNetCore.OpenIddictValidationAspNetCoreHandler";

    /// <summary>Whether the application has such schemes and no other that authenticates anybody.</summary>
    public static async ValueTask<bool> AloneAsync(IServiceProvider scope)
    {
        if (scope.GetService<IAuthenticationSchemeProvider>() is not { } provider)
        {
            return false;
        }

        AuthenticationScheme[] schemes = [.. (await provider.GetAllSchemesAsync()).Where(scheme => scheme.HandlerType != typeof(PolicySchemeHandler))];
        return schemes.Length > 0 && Array.TrueForAll(schemes, scheme => IsBearer(scheme.HandlerType));
    }

    private static bool IsBearer(Type handler) =>
        handler.Assembly == typeof(BearerTokenOptions).Assembly || TypeNames.Is(handler, TypeNames.JwtBearerHandler) || TypeNames.Is(handler, OpenIddictValidation);
}
