using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace SecurityAudit.Capture;

/// <summary>With what an operation of <see cref="IAuthenticationService"/> is called.</summary>
/// <param name="Context">The request.</param>
/// <param name="Scheme">The scheme; null for the default one.</param>
/// <param name="Properties">The properties; null where the caller gave none.</param>
/// <param name="Principal">Whose session is to be issued, at a sign-in.</param>
internal readonly record struct AuthenticationCall(
    HttpContext Context, string? Scheme, AuthenticationProperties? Properties, ClaimsPrincipal? Principal = null);
