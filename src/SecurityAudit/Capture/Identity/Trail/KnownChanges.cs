using System.Collections.Immutable;
using System.Diagnostics;
using SecurityAudit.Fields;

namespace SecurityAudit.Capture.Identity.Trail;

/// <summary>
/// What is known of a change that no database told of: whose account, what it was and what it became. What is not known the event says, in
/// the attribute <c>not_known</c>; what follows only from names that were looked up, in <c>inferred</c>.
/// </summary>
internal static class KnownChanges
{
    private const string NotKnown = "not_known";
    private const string Inferred = "inferred";

    private static readonly long Late = Stopwatch.Frequency / 1000;

    /// <summary>What <c>UserManager</c> did.</summary>
    /// <param name="state">What was seen while it did.</param>
    /// <param name="measured">What it did.</param>
    /// <param name="target">With whose account; null where nobody can tell.</param>
    /// <param name="saving">That account as it was saved.</param>
    public static IEnumerable<SecurityEvent> Done(TrailState state, AccountMeasured measured, AuditUser? target, AccountSaving? saving)
    {
        var purpose = saving is { IsMixed: true } ? "update" : measured.Purpose;
        var made = AccountWords.Done(measured with { Purpose = purpose }, target, saving?.IsLocked);
        if (target is null)
        {
            return [made.WithAttribute(NotKnown, Has(made) ? "account" : "account, before, after")];
        }

        if (measured.Operation != AccountOperation.Update || AccountWords.IsPassword(made))
        {
            return [made];
        }

        return purpose switch
        {
            "add_to_roles" => [Given(state, measured, made, saving)],
            "remove_from_roles" => [Taken(state, measured, made, saving)],
            "update" when saving is { Before: { } before, After: { } after } && before.Differences(after).ToArray() is { Length: > 0 } kinds =>
                kinds.Select(kind => Change(target, kind, before[kind], after[kind])),
            _ when Kind(purpose) is { } kind && saving?.After is { } after => [Valued(made, target, kind, saving.Before, after)],
            _ => [Has(made) ? made : made.WithAttribute(NotKnown, "before, after")],
        };
    }

    /// <summary>It was refused.</summary>
    public static SecurityEvent Refused(SecurityEvent refused, AuditUser? target) =>
        target is null && refused.Action is not "user_created" ? refused.WithAttribute(NotKnown, "account") : refused;

    /// <summary>The account was not told, and follows from what the request looked at.</summary>
    public static SecurityEvent AsInferred(SecurityEvent made) => made.WithAttribute(Inferred, "account");

    private static bool Has(SecurityEvent made) => made[EventFields.ChangeKind] is null;

    private static string? Kind(string? purpose) => purpose switch
    {
        "set_user_name" => "user_name",
        "set_email" or "change_email" => "email",
        "confirm_email" => "email_confirmed",
        "set_phone_number" or "change_phone_number" => "phone_number",
        "set_two_factor_enabled" => "two_factor",
        "set_lockout_enabled" => "lockout_enabled",
        "set_lockout_end_date" => "lockout_end",
        _ => null,
    };

    private static SecurityEvent Valued(SecurityEvent made, AuditUser target, string kind, AccountValues? before, AccountValues after)
    {
        var was = before?[kind] ?? [];
        var changed = kind is "lockout_end"
            ? made.With(EventFields.ChangeKind, kind).With(EventFields.ChangeBefore, was).With(EventFields.ChangeAfter, after[kind])
            : Change(target, kind, was, after[kind]);
        return before is null ? changed.WithAttribute(NotKnown, "before") : changed;
    }

    private static SecurityEvent Change(AuditUser target, string kind, ImmutableArray<string> before, ImmutableArray<string> after) => kind is "email"
        ? SecurityEvents.UserEmailChanged(target, before, after)
        : SecurityEvents.UserUpdated(target, kind, before, after);

    // UserManager looks a role up by its name before it gives it; that the account then has a role of that name was asked for.
    private static SecurityEvent Given(TrailState state, AccountMeasured measured, SecurityEvent made, AccountSaving? saving)
    {
        ImmutableArray<string> given = saving is { Roles: { IsDefault: false } roles }
            ? [.. roles.Where(role => LookedUp(state, measured, saving).Contains(role, StringComparer.OrdinalIgnoreCase))]
            : [];
        return given.IsEmpty ? made.WithAttribute(NotKnown, "before, after") : made.With(EventFields.ChangeAfter, given);
    }

    // What was taken is there no more: its name is only one that was looked up meanwhile.
    private static SecurityEvent Taken(TrailState state, AccountMeasured measured, SecurityEvent made, AccountSaving? saving)
    {
        ImmutableArray<string> taken = saving is { Roles: { IsDefault: false } roles }
            ? [.. LookedUp(state, measured, saving).Where(name => !roles.Contains(name, StringComparer.OrdinalIgnoreCase))]
            : [];
        return taken.IsEmpty ? made.WithAttribute(NotKnown, "before, after") : made.With(EventFields.ChangeBefore, taken).WithAttribute(Inferred, "before");
    }

    // An operation's beginning is told by how long it took and is seen a moment late; the last name before the account was saved is of it all
    // the same.
    private static List<string> LookedUp(TrailState state, AccountMeasured measured, AccountSaving saving)
    {
        var names = state.Seen<NameLookedUp>(to: saving.At).Where(seen => !TrailState.IsOf(seen, saving.Account)).ToList();
        return [.. names.Where((seen, index) => index == names.Count - 1 || seen.At >= measured.Earliest - Late)
            .Select(seen => seen.Name).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>What was looked up for this is told.</summary>
    public static TrailState Told(TrailState state, AccountMeasured measured, AuditUser? target) => IsOfRoles(measured)
        ? state.Without(seen => seen is NameLookedUp { Account: null } name && name.At <= measured.At && (target is null || !TrailState.IsOf(name, target)))
        : state;

    private static bool IsOfRoles(AccountMeasured measured) => measured.Purpose is "add_to_roles" or "remove_from_roles";
}
