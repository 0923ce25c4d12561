using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SecurityAudit.Capture.SignIns;

/// <summary>
/// The name in a form that the application has read: by the name of its field. The body itself is never read, and no more of it is recorded
/// than the name's keyed hash.
/// </summary>
internal static class PostedName
{
    private const int MaxLength = 256;

    // In this order: where a form has both, the first is what somebody signs in with.
    private static readonly string[] Fields = ["username", "user_name", "login", "loginname", "email", "emailaddress", "user", "account", "name"];

    /// <summary>Null where the application has read no form, or none with such a field.</summary>
    public static string? Of(HttpContext request)
    {
        if (request.Features.Get<IFormFeature>()?.Form is not { } form)
        {
            return null;
        }

        foreach (var field in Fields)
        {
            foreach (var (name, values) in form)
            {
                if (LastPart(name).Equals(field, StringComparison.OrdinalIgnoreCase) && values is [{ Length: > 0 and <= MaxLength } value, ..])
                {
                    return value;
                }
            }
        }

        return null;
    }

    // Input.Email, login[email]
    private static ReadOnlySpan<char> LastPart(string name)
    {
        var part = name.AsSpan().TrimEnd(']');
        return part[(part.LastIndexOfAny('.', '[') + 1)..];
    }
}
