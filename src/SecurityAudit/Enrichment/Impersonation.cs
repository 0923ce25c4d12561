using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using SecurityAudit.Fields;

namespace SecurityAudit.Enrichment;

/// <summary>
/// Who acts as somebody else: as noted in this request, in the session's ticket, or in the claims that applications and token services use
/// for it. In each event <c>user.*</c> is who acts, and <c>user.effective.*</c> whose account they use.
/// </summary>
internal static class Impersonation
{
    // Beside the session's id, in the ticket: it travels encrypted.
    private const string Item = ".act";
    private const int MaxLength = 128;

    /// <summary>An event about the account in use is by whoever uses it.</summary>
    public static void AddTo(EventDraft draft, HttpContext request)
    {
        if (draft is { User: { } user, Effective: null } && Of(request) is { } impersonated && IsSame(user, impersonated.Account))
        {
            (draft.User, draft.Effective) = (impersonated.Actor, user);
        }
    }

    /// <summary>Whose account the request uses, and who uses it; null where everybody is themselves.</summary>
    public static (AuditUser Account, AuditUser Actor)? Of(HttpContext request)
    {
        if (RequestEvidence.Existing<ImpersonationEvidence>(request) is { Actor: { } begun, Account: { } account })
        {
            return (account, begun);
        }

        var actor = ActorOf(request.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties) ?? ActorClaims.ActorOf(request.User);
        return actor is not null && AuditUser.From(request.User) is { } user && !IsSame(user, actor) ? (user, actor) : null;
    }

    /// <summary>Who acts in a session, by its ticket.</summary>
    public static AuditUser? ActorOf(AuthenticationProperties? properties)
    {
        if (properties?.GetString(Item) is not { } noted)
        {
            return null;
        }

        var end = noted.IndexOf('\n', StringComparison.Ordinal);
        return end < 0 ? null : new AuditUser(end == 0 ? null : noted[..end], end == noted.Length - 1 ? null : noted[(end + 1)..]);
    }

    /// <summary>Notes in the session's ticket who acts in it; nobody, where somebody is themselves again.</summary>
    public static void Note(AuthenticationProperties properties, AuditUser? actor) =>
        properties.SetString(Item, actor is null ? null : $"{Cut(actor.Id)}\n{Cut(actor.Name)}");

    /// <summary>One account, by its id; by its name where one of the two has no id.</summary>
    public static bool IsSame(AuditUser one, AuditUser other) => one.Id is not null && other.Id is not null
        ? string.Equals(one.Id, other.Id, StringComparison.Ordinal)
        : one.Name is not null && string.Equals(one.Name, other.Name, StringComparison.OrdinalIgnoreCase);

    private static string? Cut(string? text)
    {
        var line = text?.ReplaceLineEndings(" ");
        return line is { Length: > MaxLength } ? line[..MaxLength] : line;
    }
}
