using System.Security.Claims;
using SecurityAudit;

namespace SecurityAudit.Tests;

/// <summary>Things of which only one property matters to the test.</summary>
internal static class Some
{
    public static AuditUser User(string name = "ann") => new($"id-{name}", name);

    public static SecurityEvent Event(string action = "invoice_approved") => new(action, ["web"], ["access"]);

    public static ClaimsPrincipal Principal(string name = "ann", params string[] roles) =>
        new(new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, $"id-{name}"), new(ClaimTypes.Name, name), .. roles.Select(role => new Claim(ClaimTypes.Role, role))],
            "test"));
}
