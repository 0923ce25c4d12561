using System.Collections.Immutable;
using SecurityAudit.Fields;
using SecurityAudit.Journal;
using SecurityAudit.Sentences;

namespace SecurityAudit;

/// <content>Sessions.</content>
public static partial class SecurityEvents
{
    /// <summary>A session was issued.</summary>
    public static SecurityEvent SessionCreated(AuditUser user) =>
        Make("session_created", Info, Session, e => Words.Did(e, "began a session", "begin a session"), "start") with { User = user };

    /// <summary>A session was renewed.</summary>
    public static SecurityEvent SessionRenewed(AuditUser user) =>
        Make("session_renewed", Info, Session, e => Words.Did(e, "renewed their session", "renew their session"), "info") with { User = user };

    /// <summary>A session ended by itself or was revoked.</summary>
    public static SecurityEvent SessionExpired(AuditUser? user, string reason) =>
        Make("session_expired", Info, Session, e => $"A session{(e.User is null ? "" : $" of {Words.Of(e)}")} ended{Words.Because(e)}.", "end")
            with { User = user, Reason = reason };

    /// <summary>Somebody signed out.</summary>
    public static SecurityEvent SessionLogout(AuditUser? user) =>
        Make("session_logout", Info, Session, e => Words.Did(e, "signed out", "sign out"), "end") with { User = user };

    /// <summary>Somebody began to act as another, with that account's rights (extension).</summary>
    /// <param name="actor">Who acts.</param>
    /// <param name="effective">Whose account they use.</param>
    public static SecurityEvent AuthnImpersonationStart(AuditUser actor, AuditUser effective) =>
        Impersonated("authn_impersonation_start", "began to act", "begin to act", actor, effective, "start") with { Severity = EventSeverity.Medium };

    /// <summary>Somebody ceased to act as another (extension).</summary>
    /// <param name="actor">Who acted.</param>
    /// <param name="effective">Whose account they used.</param>
    public static SecurityEvent AuthnImpersonationEnd(AuditUser actor, AuditUser effective) =>
        Impersonated("authn_impersonation_end", "ceased to act", "cease to act", actor, effective, "end");

    private static SecurityEvent Impersonated(string action, string past, string infinitive, AuditUser actor, AuditUser effective, string type) =>
        Make(action, null, Session, e => Words.Did(e, Words.Actor(e), $"{past} as {Words.AsWhom(e)}", $"{infinitive} as {Words.AsWhom(e)}"), type)
            with { User = actor, Effective = effective };

    /// <summary>A session is used from where it was not used before (extension): another address, another program.</summary>
    /// <param name="what">What is new: <c>address</c>, <c>program</c> or <c>address and program</c>.</param>
    /// <param name="before">What it was.</param>
    /// <param name="after">What it is.</param>
    public static SecurityEvent SessionSourceChanged(string what, ImmutableArray<string> before, ImmutableArray<string> after) =>
        Changed(
            Make("session_source_changed", null, Session,
                e => $"{Words.Who(e)} came with the same session from another {What(e)}: {Sources(e, EventFields.ChangeAfter)}, "
                    + $"before {Sources(e, EventFields.ChangeBefore)}{Words.Because(e)}.", "info"),
            null, what, before, after) with { Severity = EventSeverity.Medium };

    private static string What(SecurityEvent e) => e[EventFields.ChangeKind] is "address and program" ? "address and program" : Words.Field(e, EventFields.ChangeKind);

    private static string Sources(SecurityEvent e, Field<ImmutableArray<string>> field) => Words.List(Words.Fields(e, field));

    /// <summary>A session was used after its end.</summary>
    public static SecurityEvent SessionUseAfterExpire(AuditUser? user) =>
        Failed("session_use_after_expire", Critical, Session, e => $"{Words.Who(e)} used a session that had ended{Words.Because(e)}.", "info") with { User = user };
}
