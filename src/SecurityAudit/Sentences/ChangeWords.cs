using System.Collections.Immutable;
using SecurityAudit.Fields;

namespace SecurityAudit.Sentences;

/// <summary>What was changed about an account or a role, as sentences.</summary>
internal static class ChangeWords
{
    private static ImmutableArray<string> Before(SecurityEvent e) => Words.Fields(e, EventFields.ChangeBefore);

    private static ImmutableArray<string> After(SecurityEvent e) => Words.Fields(e, EventFields.ChangeAfter);

    public static string Entitlement(SecurityEvent e)
    {
        var kind = e[EventFields.ChangeKind] as string ?? "entitlement";
        string[] given = [.. After(e).Except(Before(e), StringComparer.Ordinal)];
        string[] taken = [.. Before(e).Except(After(e), StringComparer.Ordinal)];
        if (kind is "role_definition")
        {
            return RoleDefinition(e, taken, given);
        }

        var thing = kind is "role_claim" ? "claim" : Plain(kind);
        var owner = kind is "role_claim" ? $"the role {Words.Field(e, EventFields.GroupName)}" : Words.Whom(e);
        return (taken, given) switch
        {
            ([], []) => Words.Did(e, $"changed the {thing}s of {owner}", $"change the {thing}s of {owner}"),
            ([], _) => Words.Did(e, $"gave {owner} {Things(thing, given)}", $"give {owner} {Things(thing, given)}"),
            (_, []) => Words.Did(e, $"took {Things(thing, taken)} from {owner}", $"take {Things(thing, taken)} from {owner}"),
            _ => Words.Did(
                e, $"took {Things(thing, taken)} from {owner} and gave {Things(thing, given)}",
                $"take {Things(thing, taken)} from {owner} and give {Things(thing, given)}"),
        };
    }

    public static string Account(SecurityEvent e)
    {
        var kind = e[EventFields.ChangeKind] as string ?? "account";
        var whom = Words.IsOwn(e) ? "their account" : Words.Account(e);
        return kind switch
        {
            "user_name" => FromTo(e, "renamed", "rename", whom),
            "email" => FromTo(e, "changed", "change", $"the e-mail address of {whom}"),
            "phone_number" => FromTo(e, "changed", "change", $"the phone number of {whom}"),
            "email_confirmed" => Words.Did(e, Is(e, "confirmed", "took back the confirmation of") + $" the e-mail address of {whom}", $"confirm the e-mail address of {whom}"),
            "phone_number_confirmed" => Words.Did(e, Is(e, "confirmed", "took back the confirmation of") + $" the phone number of {whom}", $"confirm the phone number of {whom}"),
            "two_factor" => Switched(e, $"the second factor of {whom}"),
            "lockout_enabled" => Switched(e, $"the lockout of {whom} after failed attempts"),
            "external_login" => ExternalLogin(e, whom),
            "authenticator_key" => Words.Did(e, $"set a new authenticator key for {whom}", $"set a new authenticator key for {whom}"),
            "recovery_codes" => Words.Did(e, $"made new recovery codes for {whom}", $"make new recovery codes for {whom}"),
            "security_stamp" => Words.Did(e, $"ended the sessions of {whom} with a new security stamp", $"end the sessions of {whom} with a new security stamp"),
            "profile" => Words.Did(e, $"changed {Words.Attribute(e, "properties")} of {whom}", $"change {Words.Attribute(e, "properties")} of {whom}"),
            "update" or "account" => Words.Did(e, $"changed {whom}", $"change {whom}"),
            _ => FromTo(e, "changed", "change", $"the {Plain(kind)} of {whom}"),
        };
    }

    private static string RoleDefinition(SecurityEvent e, string[] taken, string[] given) => (taken, given) switch
    {
        ([], [_, ..]) => Words.Did(e, $"created the role {Words.List(given)}", $"create the role {Words.List(given)}"),
        ([], []) => Words.Did(e, "changed a role", "change a role"),
        ([_, ..], []) => Words.Did(e, $"deleted the role {Words.List(taken)}", $"delete the role {Words.List(taken)}"),
        _ => Words.Did(e, $"renamed the role {Words.List(taken)} to {Words.List(given)}", $"rename the role {Words.List(taken)} to {Words.List(given)}"),
    };

    private static string ExternalLogin(SecurityEvent e, string whom) => (Before(e), After(e)) switch
    {
        (_, [_, ..] added) => Words.Did(e, $"linked {whom} to {Words.List(added)}", $"link {whom} to {Words.List(added)}"),
        ([_, ..] removed, _) => Words.Did(e, $"unlinked {whom} from {Words.List(removed)}", $"unlink {whom} from {Words.List(removed)}"),
        _ => Words.Did(e, $"changed the external sign-ins of {whom}", $"change the external sign-ins of {whom}"),
    };

    public static string FromTo(SecurityEvent e, string past, string infinitive, string what)
    {
        // What was refused was only typed, and stands in the fields as a hash.
        var values = e.Outcome == EventOutcome.Failure ? "" : (Before(e), After(e)) switch
        {
            ([], []) => "",
            // Of a secret no more is told than that it changed.
            (var before, var after) when before.Concat(after).Any(static value => value.Contains(AuditFields.Mask, StringComparison.Ordinal)) => "",
            ([], var after) => $" to {Words.List(after)}",
            (var before, []) => $" from {Words.List(before)} to nothing",
            (var before, var after) => $" from {Words.List(before)} to {Words.List(after)}",
        };
        return Words.Did(e, $"{past} {what}{values}", $"{infinitive} {what}{values}");
    }

    private static string Switched(SecurityEvent e, string what) => Words.Did(e, $"switched {Is(e, "on", "off")} {what}", $"switch {Is(e, "on", "off")} {what}");

    private static string Is(SecurityEvent e, string yes, string no) => After(e) is ["true"] ? yes : no;

    private static string Things(string thing, string[] values) => $"the {thing}{(values.Length > 1 ? "s" : "")} {Words.List(values)}";

    private static string Plain(string kind) => kind.Replace('_', ' ');
}
