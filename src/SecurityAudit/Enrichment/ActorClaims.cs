using System.Security.Claims;
using System.Text.Json;

namespace SecurityAudit.Enrichment;

/// <summary>
/// The claims by which a principal says who acts in its name: <c>act</c> of RFC 8693, the actor of <see cref="ClaimsIdentity"/>, and those
/// that applications use, such as <c>OriginalUserId</c> and <c>impersonator_username</c>.
/// </summary>
internal static class ActorClaims
{
    private const string Act = "act";

    /// <summary>Null where the principal acts for itself.</summary>
    public static AuditUser? ActorOf(ClaimsPrincipal? principal)
    {
        if (principal?.Identity is not ClaimsIdentity { IsAuthenticated: true } identity)
        {
            return null;
        }

        if (identity.Actor is { } actor && AuditUser.From(new ClaimsPrincipal(actor)) is { } user)
        {
            return user;
        }

        string? id = null;
        string? name = null;
        foreach (var claim in identity.Claims)
        {
            if (claim.Type is Act && Read(claim.Value) is { } acting)
            {
                return acting;
            }

            if (Names(claim.Type))
            {
                var isName = claim.Type.EndsWith("name", StringComparison.OrdinalIgnoreCase) || claim.Type.EndsWith("email", StringComparison.OrdinalIgnoreCase);
                (id, name) = isName ? (id, name ?? claim.Value) : (id ?? claim.Value, name);
            }
        }

        return string.IsNullOrEmpty(id) && string.IsNullOrEmpty(name) ? null : new AuditUser(id, name);
    }

    private static bool Names(string type)
    {
        var last = type.AsSpan()[(type.LastIndexOfAny(['/', ':']) + 1)..];
        // A tenant of the impersonator, that somebody is impersonated, when: none of that is who.
        return (last.StartsWith("impersonator", StringComparison.OrdinalIgnoreCase) || last.StartsWith("originaluser", StringComparison.OrdinalIgnoreCase)
                || last.StartsWith("original_user", StringComparison.OrdinalIgnoreCase) || last.Equals("impersonatedby", StringComparison.OrdinalIgnoreCase)
                || last.Equals("impersonated_by", StringComparison.OrdinalIgnoreCase))
            && !last.Contains("tenant", StringComparison.OrdinalIgnoreCase)
            && (last.EndsWith("id", StringComparison.OrdinalIgnoreCase) || last.EndsWith("name", StringComparison.OrdinalIgnoreCase)
                || last.EndsWith("email", StringComparison.OrdinalIgnoreCase) || last.EndsWith("user", StringComparison.OrdinalIgnoreCase)
                || last.EndsWith("impersonator", StringComparison.OrdinalIgnoreCase) || last.EndsWith("by", StringComparison.OrdinalIgnoreCase));
    }

    private static AuditUser? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var acting = document.RootElement;
            var user = acting.ValueKind is JsonValueKind.Object
                ? new AuditUser(Text(acting, "sub") ?? Text(acting, "client_id"), Text(acting, "preferred_username") ?? Text(acting, "name") ?? Text(acting, "email"))
                : null;
            return user is { Id: null, Name: null } ? null : user;
        }
        catch (JsonException)
        {
            return null; // a claim of that name which is none of RFC 8693
        }
    }

    private static string? Text(JsonElement acting, string name) =>
        acting.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
