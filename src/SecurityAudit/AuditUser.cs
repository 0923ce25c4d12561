using System.Collections.Immutable;
using System.Security.Claims;

namespace SecurityAudit;

/// <summary>A person or account in an event: who acted (<c>user.*</c>) or who was acted upon (<c>user.target.*</c>).</summary>
/// <param name="Id">The account's key, as the application's user store knows it; null when no such account exists.</param>
/// <param name="Name">The sign-in name; for an account that does not exist it is recorded only as a keyed hash.</param>
public sealed record AuditUser(string? Id, string? Name)
{
    /// <summary>The account's e-mail address, where an event is about it.</summary>
    public string? Email { get; init; }

    /// <summary>The roles held at that moment, as the principal's claims state them.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>
    /// False when the name was only claimed: no account answers to it, so what was typed may be a password and is hashed.
    /// </summary>
    public bool Exists { get; init; } = true;

    /// <summary>An account that somebody claimed and that does not exist.</summary>
    public static AuditUser Claimed(string? name) => new(null, name) { Exists = false };

    /// <summary>The account behind a principal, or null for an anonymous one.</summary>
    public static AuditUser? From(ClaimsPrincipal? principal)
    {
        if (principal?.Identity is not { IsAuthenticated: true } identity)
        {
            return null;
        }

        var id = principal.FindFirstValue(ClaimTypes.NameIdentifier) ?? principal.FindFirstValue("sub");
        var roleType = (identity as ClaimsIdentity)?.RoleClaimType ?? ClaimTypes.Role;
        return new AuditUser(id, identity.Name ?? principal.FindFirstValue("name"))
        {
            Roles = [.. principal.FindAll(roleType).Select(claim => claim.Value)],
        };
    }
}
