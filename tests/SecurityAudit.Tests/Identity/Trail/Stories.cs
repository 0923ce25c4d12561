using System.Collections.Immutable;
using SecurityAudit.Capture.Identity.Trail;
using static SecurityAudit.Tests.Identity.Trail.Story;

namespace SecurityAudit.Tests.Identity.Trail;

/// <summary>The attempts that Identity knows, as its sources of ASP.NET Core 10 make the hooks see them.</summary>
internal static class Stories
{
    private static readonly Step Start = (_, _) => null;

    public static AuditUser Account(string name) => new($"id-{name}", name);

    /// <summary>Sign-ins of every outcome, by this person.</summary>
    /// <param name="name">The name of the person.</param>
    /// <param name="isDatabase">Whether accounts come from a database whose reading is seen.</param>
    public static ImmutableArray<Story> SignIns(string name, bool isDatabase) =>
    [
        Wrong(name, isDatabase), Right(name, isDatabase), Locked(name, isDatabase), Locking(name, isDatabase), Unknown(name), NotAllowed(name, isDatabase),
        Challenged(name, isDatabase), WithoutPassword(name, isDatabase), External(name), ExternalRefused(name), LockedWithoutLookup(name),
        OwnCheck(name, isDatabase), OwnCheckRight(name, isDatabase),
    ];

    /// <summary>Other work on accounts.</summary>
    public static ImmutableArray<Story> Work(string name) => [MistypedChange(name), Change(name), Claims(name), RefusedRole(name), Rehashed(name)];

    private static Story Wrong(string name, bool isDatabase) => new("a wrong password",
        [.. Found(name, isDatabase), Start, Compared(name, false), Check("failure"), SignInCheck("failure"), Measured("failure")],
        [new("authn_login_fail", Account(name), "wrong password", "password")]);

    private static Story Right(string name, bool isDatabase) => new("a sign-in",
        [.. Found(name, isDatabase), Start, Compared(name, true), Check("success"), SignInCheck("success"), Session(name), Measured("success")],
        [new("authn_login_success", Account(name), null, "password")]);

    private static Story Locked(string name, bool isDatabase) => new("a try while locked",
        [.. Found(name, isDatabase), Start, SignInCheck("locked_out"), Measured("locked_out")],
        [new("authn_login_fail", isDatabase ? Account(name) : new AuditUser(null, name), "locked out", "password")]);

    private static Story Locking(string name, bool isDatabase) => new("a wrong password that locks",
        [
            .. Found(name, isDatabase), Start, Compared(name, false), Check("failure"), Saving(name, isLocked: true), SignInCheck("locked_out"), Measured("locked_out"),
        ],
        [new("authn_login_fail", Account(name), "locked out", "password"), new("authn_login_lock", Account(name), "maxretries")]);

    private static Story Unknown(string name) => new("an unknown user",
        [Start, LookUp(name), Measured("failure")],
        [new("authn_login_fail", AuditUser.Claimed(name), "unknown user", "password")]);

    private static Story NotAllowed(string name, bool isDatabase) => new("an account that may not sign in yet",
        [.. Found(name, isDatabase), Start, SignInCheck("not_allowed"), Measured("not_allowed")],
        [new("authn_login_fail", isDatabase ? Account(name) : new AuditUser(null, name), "not allowed to sign in", "password")]);

    private static Story Challenged(string name, bool isDatabase) => new("a password that needs a second factor",
        [.. Found(name, isDatabase), Start, Compared(name, true), Check("success"), SignInCheck("success"), Measured("requires_two_factor")],
        [new("authn_mfa_challenge", Account(name), null, "password")]);

    private static Story WithoutPassword(string name, bool isDatabase) => new("an account without a password",
        [.. Found(name, isDatabase), Start, Check("failure"), SignInCheck("failure"), Measured("failure")],
        [new("authn_login_fail", isDatabase ? Account(name) : new AuditUser(null, name), "no password set", "password")]);

    private static Story External(string name) => new("a sign-in through another provider",
        [Start, Session(name), Measured("success", "external")],
        [new("authn_login_success", Account(name), null, "external")]);

    private static Story ExternalRefused(string name) => new("an external login that nobody has",
        [Start, Measured("failure", "external")],
        [new("authn_login_fail", AuditUser.Claimed(null), "no account is linked to this external login", "external")]);

    private static Story LockedWithoutLookup(string name) => new("a try with an account that was loaded by its id, while it is locked",
        [Start, SignInCheck("locked_out"), Measured("locked_out")],
        [new("authn_login_fail", Account(name), "locked out", "password")]);

    private static Story OwnCheck(string name, bool isDatabase) => new("a wrong password at an endpoint of one's own",
        [.. Found(name, isDatabase), Compared(name, false), Check("failure")],
        [new("authn_login_fail", Account(name), "wrong password", "password")]);

    private static Story OwnCheckRight(string name, bool isDatabase) => new("a right password at an endpoint of one's own that refuses",
        [.. Found(name, isDatabase), Compared(name, true), Check("success")],
        [new("authn_login_fail", Account(name), "refused although the password was right", "password")]);

    private static Story MistypedChange(string name) => new("a change of password with the wrong old one",
        [Start, Compared(name, false), Worked("change_password", "failure", "PasswordMismatch")],
        [new("authn_password_change_fail", Account(name), "PasswordMismatch")]);

    private static Story Change(string name) => new("a change of password",
        [Start, Compared(name, true), Saving(name), Worked("change_password", "success")],
        [new("authn_password_change", Account(name))]);

    private static Story Claims(string name) => new("claims given", [Start, Saving(name), Worked("add_claims", "success")], [new("authz_change", Account(name))]);

    private static Story RefusedRole(string name) => new("a role that could not be taken",
        [Start, Worked("remove_from_roles", "failure", "UserNotInRole")],
        [new("authz_change", Account(name), "UserNotInRole")]);

    private static Story Rehashed(string name) => new("a sign-in that stores a better hash",
        [
            LookUp(name), Start, (at, _) => new PasswordCompared(at, Account(name), IsRight: true, NeedsNewHash: true), Saving(name),
            (at, _) => new ChangeMade(at, SecurityEvents.AuthnPasswordChange(Account(name))),
            Worked("password_rehash", "success", isCovered: true), SignInCheck("success"), Session(name), Measured("success"),
        ],
        [new("authn_login_success", Account(name), null, "password")]);

    private static Step[] Found(string name, bool isDatabase) => [isDatabase ? (at, _) => new NameLookedUp(at, name, Account(name)) : LookUp(name)];

    private static Step LookUp(string name) => (at, _) => new NameLookedUp(at, name);

    private static Step Compared(string name, bool isRight) => (at, _) => new PasswordCompared(at, Account(name), isRight);

    private static Step Check(string result) => (at, _) => new PasswordChecked(at, result);

    private static Step SignInCheck(string result) => (at, _) => new SignInChecked(at, result);

    private static Step Saving(string name, bool isLocked = false) => (at, _) => new AccountSaving(at, Account(name), isLocked);

    private static Step Session(string name) => (at, _) => new SessionBegun(at, Account(name), "Identity.Application");

    private static Step Measured(string result, string type = "password") => (at, started) =>
        new SignInMeasured(at, started, DateTimeOffset.UnixEpoch, type, result, Scheme: "Identity.Application");

    private static Step Worked(string purpose, string result, string? code = null, bool isCovered = false) => (at, started) =>
        new AccountMeasured(at, started, AccountOperation.Update, purpose, result, code, IsCovered: isCovered);
}
