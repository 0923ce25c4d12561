using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Acceptance.Tests;
using SecurityAudit.Capture.Identity.Observation;
using SecurityAudit.Capture.Tables;
using SecurityAudit.Fields;
using SecurityAudit.Recording;
using SecurityAudit.Sentences;
using SecurityAudit.Tests.Detection;
using SecurityAudit.Tests.Responses;

namespace SecurityAudit.Tests;

/// <summary>All sentences of the library on one page, Messages.txt, for a person to read; approve a change with APPROVE=1.</summary>
public sealed class SentenceTests
{
    private static readonly AuditUser Ada = new("1", "ada@shop.example");
    private static readonly AuditUser Owner = new("9", "owner@shop.example");

    private static string Page { get; } = Repository.PathOf("tests", "SecurityAudit.Tests", "Messages.txt");

    private static SecurityEvent By(AuditUser actor, SecurityEvent e) => e with { User = actor };

    private static SecurityEvent Visited(SecurityEvent e, string path = "/admin") => e.With("http.request.method", "GET").With("url.path", path);

    private static SecurityEvent Called(SecurityEvent e, string service, string? method) =>
        e.With(EventFields.RpcSystem, "signalr").With(EventFields.RpcService, service).With(EventFields.RpcMethod, method).With(EventFields.ConnectionId, "c1");

    private static SecurityEvent Failed(SecurityEvent e, string reason) => e with { Outcome = EventOutcome.Failure, Reason = reason };

    private static SecurityEvent Doubtful(SecurityEvent e) => e with { Outcome = EventOutcome.Unknown, Reason = "the end of the transaction was not seen" };

    private static SecurityEvent Statement(IdentityEntity kind, string operation, int? rows) =>
        new TableChange(new WatchedTable(null, "Table", kind, FrozenSet<string>.Empty), operation, operation is "update" ? ["Email", "UserName"] : [], rows).Event();

    private static SecurityEvent Row(string operation, ImmutableArray<string> before, ImmutableArray<string> after) =>
        (SecurityEvents.AuthzChange(null, "permission", before, after) with { Sentence = TableWords.Row })
            .WithAttribute("table", "Members").WithAttribute("operation", operation).WithAttribute("row", "TenantId=7, Id=1");

    private static IEnumerable<SecurityEvent> Authentication() =>
    [
        SecurityEvents.AuthnLoginSuccess(Ada).With("security_audit.authn.method", "password"),
        SecurityEvents.AuthnLoginSuccess(Ada).With("security_audit.authn.mfa", true).With("security_audit.authn.method", "two_factor_authenticator"),
        SecurityEvents.AuthnLoginSuccess(Ada).With("security_audit.authn.mfa", true).With("security_audit.authn.method", "two_factor_recovery_code"),
        SecurityEvents.AuthnLoginSuccess(Ada).With("security_audit.authn.method", "external"),
        SecurityEvents.AuthnLoginSuccess(Ada).With("security_audit.authn.method", "external").With(EventFields.AuthnProvider, "login.example"),
        SecurityEvents.AuthnLoginSuccess(Ada).With("security_audit.authn.method", "passkey"),
        SecurityEvents.AuthnLoginSuccess(new AuditUser("1", null)),
        SecurityEvents.AuthnLoginSuccessAfterFail(Ada, 1),
        SecurityEvents.AuthnLoginSuccessAfterFail(Ada, 3),
        SecurityEvents.AuthnLoginFail(Ada, "wrong password"),
        SecurityEvents.AuthnLoginFail(AuditUser.Claimed("hunter2"), "unknown user"),
        SecurityEvents.AuthnLoginFail(AuditUser.Claimed(null), "no account is linked to this external login"),
        SecurityEvents.AuthnExternalLoginFail("the answer has no state").With("security_audit.authn.method", "external"),
        SecurityEvents.AuthnExternalLoginFail("the answer has no state").With("security_audit.authn.method", "external")
            .With(EventFields.AuthnProvider, "login.example"),
        SecurityEvents.AuthnLoginFail(AuditUser.Claimed("hunter2"), "nobody was signed in where people sign in").With(EventFields.AuthnEvidence, "inferred"),
        SecurityEvents.AuthnLoginSuccess(Ada).With(EventFields.AuthnEvidence, "inferred"),
        SecurityEvents.AuthnLoginFailMax(Ada, 5),
        .. new[] { "maxretries", "suspicious", "customer", "other" }.Select(reason => By(Owner, SecurityEvents.AuthnLoginLock(Ada, reason))),
        SecurityEvents.AuthnLoginLock(Ada, "maxretries").With(EventFields.ChangeAfter, ImmutableArray.Create("2026-11-25T17:00:00Z")),
        Failed(By(Owner, SecurityEvents.AuthnLoginLock(Ada, "other")), "ConcurrencyFailure"),
        By(Owner, SecurityEvents.AuthnUnlock(Ada)),
        By(Ada, SecurityEvents.AuthnPasswordChange(Ada)),
        By(Owner, SecurityEvents.AuthnPasswordChange(Ada)),
        By(Ada, SecurityEvents.AuthnPasswordChange(Ada).With(EventFields.ChangeKind, "password_added")),
        By(Ada, SecurityEvents.AuthnPasswordChange(Ada).With(EventFields.ChangeKind, "password_removed")),
        By(Ada, SecurityEvents.AuthnPasswordChangeFail(Ada, "PasswordMismatch")),
        Visited(SecurityEvents.AuthnPasswordReset(Ada)),
        Visited(SecurityEvents.AuthnPasswordResetRequested(Ada)),
        By(Ada, SecurityEvents.AuthnPasskeyAdded(Ada)),
        By(Owner, SecurityEvents.AuthnPasskeyRemoved(Ada)),
        SecurityEvents.AuthnImpossibleTravel(Ada, "Norway", "New Zealand"),
        SecurityEvents.AuthnTokenCreated(Ada),
        Failed(SecurityEvents.AuthnTokenCreated(Ada), "InvalidOperationException"),
        SecurityEvents.AuthnTokenCreated(Ada).With(EventFields.OAuthClient, "shop").With(EventFields.OAuthGrant, "refresh_token"),
        SecurityEvents.AuthnTokenCreated(Ada).With(EventFields.OAuthClient, "shop"),
        (SecurityEvents.AuthnTokenCreated(Ada) with { User = null }).With(EventFields.OAuthClient, "shop").With(EventFields.OAuthGrant, "client_credentials"),
        SecurityEvents.AuthnTokenRevoked(Ada, "7"),
        SecurityEvents.AuthnClientTokenRevoked().With(EventFields.OAuthClient, "shop"),
        SecurityEvents.AuthnTokenReuse(Ada, "7"),
        SecurityEvents.AuthnClientTokenReuse("the authorization code was used before").With(EventFields.OAuthClient, "shop"),
        SecurityEvents.AuthnTokenDelete("billing"),
        SecurityEvents.AuthnMfaChallenge(Ada),
        SecurityEvents.AuthnMfaSuccess(Ada),
        SecurityEvents.AuthnMfaFail(Ada) with { Reason = "wrong code" },
        SecurityEvents.AuthnMfaFail(AuditUser.Claimed(null)) with { Reason = "wrong code" },
        SecurityEvents.AuthnRecoveryCodeUsed(Ada),
        Visited(SecurityEvents.AuthnCredentialInvalid("Cookies", "the credential could not be decrypted: altered, or made with another key")),
        SecurityEvents.SessionCreated(Ada),
        Failed(SecurityEvents.SessionCreated(Ada), "InvalidOperationException"),
        SecurityEvents.SessionRenewed(Ada),
        SecurityEvents.SessionExpired(Ada, "revoked"),
        Visited(SecurityEvents.SessionExpired(null, "expired")),
        SecurityEvents.SessionLogout(Ada),
        By(Ada, SecurityEvents.SessionSourceChanged("address", ["192.0.2.1"], ["198.51.100.7"])),
        By(Ada, SecurityEvents.SessionSourceChanged("address and program", ["192.0.2.1", "Mozilla/5.0"], ["198.51.100.7", "curl/8.5"])),
        SecurityEvents.SessionUseAfterExpire(Ada),
        SecurityEvents.AuthnImpersonationStart(Owner, Ada),
        SecurityEvents.AuthnImpersonationEnd(Owner, Ada),
        SecurityEvents.SessionCreated(Owner) with { Effective = Ada },
    ];

    private static IEnumerable<SecurityEvent> Access() =>
    [
        Visited(SecurityEvents.AuthzFail("Staff", "needs the role Staff or Owner")),
        By(Ada, Visited(SecurityEvents.AuthzFail("Staff", "needs the role Staff or Owner"))),
        Visited(SecurityEvents.AuthzFail("Staff", "not signed in") with { Outcome = EventOutcome.Unknown }),
        By(Ada, Visited(SecurityEvents.AuthzFail(null, "the application answered 403"), "/a page of hers")),
        By(Ada, Visited(SecurityEvents.AuthzFail("Owners", "inferred from the answer 404 that followed: needs the role Owner"), "/documents/7")),
        By(Ada, Called(Visited(SecurityEvents.AuthzFail("Staff", "needs the role Staff or Owner")), "RoomHub", "Close")),
        Called(Visited(SecurityEvents.AuthzFail("Staff", "not signed in") with { Outcome = EventOutcome.Unknown }), "RoomHub", null),
        By(Ada, Visited(SecurityEvents.AuthzFail("Staff", "needs the role Staff or Owner")).With(EventFields.Page, "Shop.Pages.Admin")),
        By(Owner, SecurityEvents.AuthzChange(Ada, "role", [], ["Staff"])),
        By(Owner, SecurityEvents.AuthzChange(Ada, "role", ["Customer"], ["Customer", "Staff", "Store manager"])),
        By(Owner, SecurityEvents.AuthzChange(Ada, "role", ["Staff"], [])),
        By(Owner, SecurityEvents.AuthzChange(Ada, "role", ["Customer"], ["Staff"])),
        By(Owner, SecurityEvents.AuthzChange(Ada, "role", [], [])),
        SecurityEvents.AuthzChange(Ada, "role", [], ["Staff"]),
        Failed(By(Owner, SecurityEvents.AuthzChange(Ada, "role", [], ["Staff"])), "DbUpdateException"),
        Doubtful(By(Owner, SecurityEvents.AuthzChange(Ada, "role", [], ["Staff"]))),
        By(Owner, SecurityEvents.AuthzChange(Ada, "claim", ["department=sales"], ["department=finance"])),
        By(Owner, SecurityEvents.AuthzChange(Ada, "claim", [], ["passphrase=hunter2"])),
        By(Owner, SecurityEvents.AuthzChange(null, "role_claim", [], ["discount=10"]).With("group.name", "Staff")),
        By(Owner, SecurityEvents.AuthzChange(null, "role_definition", [], ["Staff"])),
        By(Owner, SecurityEvents.AuthzChange(null, "role_definition", ["Staff"], [])),
        By(Owner, SecurityEvents.AuthzChange(null, "role_definition", ["Staff"], ["Team"])),
        .. new[] { "insert", "update", "delete", "truncate", "drop" }.Select(operation => By(Owner, Statement(IdentityEntity.UserRole, operation, 2))),
        By(Owner, Statement(IdentityEntity.User, "update", 1)),
        Failed(By(Owner, Statement(IdentityEntity.User, "update", null)), "SqliteException"),
        By(Owner, Row("insert", [], ["Person=ada", "Role=Member"])),
        By(Owner, Row("update", ["Person=ada", "Role=Member"], ["Person=ada", "Role=Owner"])),
        By(Owner, Row("delete", [.. Enumerable.Range(1, 10).Select(number => $"Limit{number}=10")], [])),
        Failed(By(Owner, Row("update", ["Role=Member"], ["Role=Owner"])), "DbUpdateConcurrencyException"),
        By(Owner, SecurityEvents.AuthzAdmin("export of all orders")),
        By(Owner, SecurityEvents.PrivilegePermissionsChanged("orders.csv", "private", "public")),
        By(Ada, Failed(SecurityEvents.ExcessRateLimitExceeded("login"), "refused by the endpoint's limiter")),
        Visited(Failed(SecurityEvents.ExcessRateLimitExceeded(null), "refused by the global limiter")),
        SecurityEvents.ExcessSessionsExceeded(Ada, 3),
        By(Ada, SecurityEvents.SequenceFail("checkout")),
    ];

    private static IEnumerable<SecurityEvent> Accounts() =>
    [
        Visited(SecurityEvents.UserCreated(Ada)),
        By(Owner, SecurityEvents.UserCreated(Ada)),
        Visited(Failed(SecurityEvents.UserCreated(new AuditUser(null, "hunter2 hunter2")), "InvalidUserName")),
        Visited(Failed(SecurityEvents.UserCreated(new AuditUser(null, "ada@shop.example")), "DuplicateUserName")),
        By(Ada, SecurityEvents.UserUpdated(Ada, "user_name", ["ada@shop.example"], ["countess@shop.example"])),
        Failed(By(Ada, SecurityEvents.UserUpdated(Ada, "user_name", ["ada@shop.example"], ["hunter2"])), "DbUpdateException"),
        By(Ada, SecurityEvents.UserEmailChanged(Ada, ["ada@shop.example"], ["countess@shop.example"])),
        By(Owner, SecurityEvents.UserEmailChanged(Ada, [], [])),
        By(Ada, SecurityEvents.UserUpdated(Ada, "phone_number", [], ["+44-20-7946"])),
        .. new[] { "email_confirmed", "phone_number_confirmed", "two_factor", "lockout_enabled" }.SelectMany(kind => new[]
        {
            By(Ada, SecurityEvents.UserUpdated(Ada, kind, ["false"], ["true"])), By(Owner, SecurityEvents.UserUpdated(Ada, kind, ["true"], ["false"])),
        }),
        By(Ada, SecurityEvents.UserUpdated(Ada, "external_login", [], ["Google"])),
        By(Ada, SecurityEvents.UserUpdated(Ada, "external_login", ["Google"], [])),
        By(Ada, SecurityEvents.UserUpdated(Ada, "authenticator_key", [], [])),
        By(Ada, SecurityEvents.UserUpdated(Ada, "recovery_codes", [], [])),
        By(Owner, SecurityEvents.UserUpdated(Ada, "security_stamp", [], [])),
        By(Ada, SecurityEvents.UserUpdated(Ada, "profile", [], []).WithAttribute("properties", "FavouriteColour")),
        By(Ada, SecurityEvents.UserUpdated(Ada, "update", [], [])),
        By(Owner, SecurityEvents.UserUpdated(Ada, "loyalty_level", ["silver"], ["gold"])),
        By(Owner, SecurityEvents.UserUpdated(Ada, "password", ["hunter2"], [])),
        By(Owner, SecurityEvents.UserUpdated(Ada, "api_key", ["hunter2"], ["hunter3"])),
        Visited(SecurityEvents.UserConfirmationRequested(Ada)),
        By(Owner, SecurityEvents.UserArchived(Ada)),
        By(Owner, SecurityEvents.UserDeleted(Ada)),
        Failed(By(Owner, SecurityEvents.UserDeleted(Ada)), "ConcurrencyFailure"),
    ];

    private static IEnumerable<SecurityEvent> Others() =>
    [
        By(Ada, SecurityEvents.UploadComplete("holiday.png", "image/png")),
        By(Ada, SecurityEvents.UploadStored("holiday.png", "incoming", "public/images")),
        SecurityEvents.UploadValidation("holiday.png", "virus scan", passed: true),
        SecurityEvents.UploadValidation("holiday.png", "virus scan", passed: false),
        By(Ada, SecurityEvents.UploadDelete("holiday.png")),
        By(Ada, SecurityEvents.InputValidationFail("quantity", "address")),
        By(Ada, SecurityEvents.InputValidationDiscreteFail("colour")),
        SecurityEvents.HttpRequestRejected("headers") with { Reason = "the headers are larger or more than the limit (431)" },
        Visited(SecurityEvents.MaliciousExcess404()),
        Visited(SecurityEvents.MaliciousExtraneous("isAdmin")),
        Visited(SecurityEvents.MaliciousAttackTool("sqlmap")),
        Visited(SecurityEvents.MaliciousSqli("sort")),
        Visited(Failed(SecurityEvents.MaliciousCors("https://elsewhere.example"), "the policy does not allow it")),
        By(Ada, SecurityEvents.MaliciousDirectReference("order 4711")),
        By(Ada, SecurityEvents.MaliciousCsrf("the cookie is missing")),
        Visited(SecurityEvents.MaliciousCspViolation("script-src")),
        By(Ada, SecurityEvents.McpPromptInjection("search")),
        By(Ada, SecurityEvents.McpResourceExhaustion("search")),
        SecurityEvents.McpToolPoisoning("search"),
        Visited(SecurityEvents.OpenRedirect("returnUrl", "evil.example") with { Outcome = EventOutcome.Unknown }),
        Visited(Failed(SecurityEvents.OpenRedirect("returnUrl", "evil.example"), "only local addresses are taken")),
        Visited(SecurityEvents.HoneytokenUsed("backup.zip")),
        SecurityEvents.CryptDecryptFail("the session cookie"),
        By(Owner, SecurityEvents.CryptKeyCreated("4711")),
        By(new AuditUser(null, null), Visited(SecurityEvents.CryptKeyCreated("4711"))),
        Failed(SecurityEvents.CryptKeyCreated(null), "System.IO.IOException"),
        By(Owner, SecurityEvents.CryptKeyRevoked("4711") with { Reason = "a backup was lost" }),
        Failed(By(Owner, SecurityEvents.CryptKeyRevoked("4711")), "System.IO.IOException"),
        By(Owner, SecurityEvents.CryptKeysRevoked(new DateTimeOffset(2026, 11, 25, 17, 0, 0, TimeSpan.Zero))),
        By(Owner, SecurityEvents.CryptKeyDeleted("4711")),
        SecurityEvents.CryptEncryptFail("the export"),
        By(Ada, SecurityEvents.SensitiveCreate("customer list")),
        By(Ada, SecurityEvents.SensitiveRead("customer list")),
        By(Ada, SecurityEvents.SensitiveUpdate("customer list")),
        By(Ada, SecurityEvents.SensitiveDelete("customer list")),
        SecurityEvents.SysStartup(),
        SecurityEvents.SysShutdown(),
        By(Owner, SecurityEvents.SysRestart()),
        SecurityEvents.SysCrash("out of memory"),
        SecurityEvents.SysMonitorDisabled("detection"),
        By(Owner, SecurityEvents.SysMonitorEnabled("detection")),
        Visited(SecurityEvents.AppException("System.InvalidOperationException", handled: false)),
        Visited(SecurityEvents.AppException("System.InvalidOperationException", handled: true)),
        Called(Visited(SecurityEvents.AppException("System.InvalidOperationException", handled: false)), "bank.Vault", "Open").With(EventFields.RpcStatus, 13),
        By(Ada, SecurityEvents.AppException("System.InvalidOperationException", handled: false).With(EventFields.Page, "Shop.Pages.Admin")),
        SecurityEvents.AppException("System.InvalidOperationException", handled: false),
        Visited(SecurityEvents.AppUnseenException()),
        SecurityEvents.AuditCoverage().With("security_audit.coverage.captured", ImmutableArray.Create("authentication", "identity"))
            .With("security_audit.coverage.missing", ImmutableArray<string>.Empty),
        SecurityEvents.AuditCoverage().With("security_audit.coverage.captured", ImmutableArray.Create("authentication"))
            .With("security_audit.coverage.missing", ImmutableArray.Create("identity")),
        SecurityEvents.AuditCoverage().With("security_audit.coverage.captured", ImmutableArray.Create("authentication", "identity"))
            .With("security_audit.coverage.parts.missing", ImmutableArray.Create("hub:/chat ChatHub")),
        SecurityEvents.AuditCoverage().With("security_audit.coverage.captured", ImmutableArray.Create("identity"))
            .With("security_audit.coverage.accepted", ImmutableArray.Create("form:POST /webhook: signed by the sender")),
        SecurityEvents.AuditCoverage().With("security_audit.coverage.captured", ImmutableArray.Create("identity"))
            .With("security_audit.coverage.missing", ImmutableArray.Create("sessions"))
            .With("security_audit.coverage.accepted", ImmutableArray.Create("form:POST /webhook: signed by the sender", "form:POST /hook: signed by the sender"))
            .With("security_audit.coverage.accepted_unmatched", ImmutableArray.Create("form:POST /webhok")),
        SecurityEvents.AuditHookFailed("identity", 1, "System.InvalidOperationException"),
        SecurityEvents.AuditHookFailed("identity", 7, "System.InvalidOperationException"),
        SecurityEvents.AuditAlertUndelivered("pager", "waiting", 3, ["a-1"], "pager.example answered 500, expected 2xx."),
        SecurityEvents.AuditAlertUndelivered("pager", "given_up", 1, ["a-1"], "It was refused again and again."),
        SecurityEvents.AuditAlertUndelivered("pager", "given_up", 12, ["a-1"], "It was tried for 7.00:00:00."),
        SecurityEvents.AuditAlertUndelivered("pager", "skipped", 5, [], "lines of log abcdefgh were gone or damaged before they were read"),
        SecurityEvents.AuditReconciliation(["sign_in_failure: 57 counted, 56 recorded", "session: 3 counted, 1 recorded"], 3),
        By(Ada, SecurityEvents.Activity("order.place").WithAttribute("product", "tea pot").WithAttribute("secret", "hunter2")),
        By(Ada, Failed(SecurityEvents.Activity("order.place"), "denied")),
        Visited(SecurityEvents.Activity("order.place", EventOutcome.Unknown)),
        By(Owner, new SecurityEvent("invoice_approved", ["web"], ["access"])),
        SecurityEvents.AuditClockStepped(TimeSpan.FromHours(-2)),
        SecurityEvents.AuditClockStepped(TimeSpan.FromDays(1.1)),
        SecurityEvents.AuditJournalTrouble("SpaceLow", "The volume has 10 MB left, expected 100 MB."),
        SecurityEvents.AuditGap(3),
        .. SomeAlert.OfEachRule(),
        .. SomeResponse.OfEachKind(),
    ];

    /// <summary>Every event of the catalogue, in each of its forms.</summary>
    internal static IEnumerable<SecurityEvent> All() => [.. Authentication(), .. Access(), .. Accounts(), .. Others()];

    [Fact]
    public async Task EverySentenceOfTheLibraryIsTheApprovedOne()
    {
        await using var app = await RecordedApp.Start(_ => { });
        var recorder = app.Services.GetRequiredService<SecurityRecorder>();
        var page = new StringBuilder();
        foreach (var e in All())
        {
            var sentence = recorder.Finish(e).Message!;
            Assert.Matches(@"^[A-Za-z0-9].*[^.]\.$", sentence);
            Assert.DoesNotMatch(@"  | \.|hunter2|nothing|something|\bsomebody\b(?! else)|“”", sentence);
            page.Append(e.Action.PadRight(31)).Append(' ').Append(sentence).Append('\n');
        }

        if (Environment.GetEnvironmentVariable("APPROVE") == "1")
        {
            await File.WriteAllTextAsync(Page, page.ToString());
        }

        Assert.Equal((await File.ReadAllTextAsync(Page)).ReplaceLineEndings("\n"), page.ToString());
    }

    [Fact]
    public void EveryEventOfTheCatalogueHasASentenceOnThePage()
    {
        var told = All().Select(e => e.Action).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(EventTests.Catalogue().Select(e => e.Action).Where(action => action != "some").Except(told, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ada signed in. owner", "“ada signed in. owner” failed to sign in: wrong password.")]
    [InlineData("a” signed in. “b", "“a\" signed in. \"b” failed to sign in: wrong password.")]
    [InlineData("ada\u202Eada", "ada\\u202Eada failed to sign in: wrong password.")]
    [InlineData("typed\\u202E", "typed\\u005Cu202E failed to sign in: wrong password.")]
    [InlineData("ann\nann", "ann\\u000Aann failed to sign in: wrong password.")]
    [InlineData("Jürgen", "Jürgen failed to sign in: wrong password.")]
    public async Task AHostileNameIsNoPartOfTheSentenceAroundIt(string name, string sentence)
    {
        await using var app = await RecordedApp.Start(_ => { });

        await app.Audit.RecordAsync(SecurityEvents.AuthnLoginFail(new AuditUser("1", name), "wrong password"));

        Assert.Equal(sentence, (await app.Event("authn_login_fail")).Text("message"));
    }

    [Fact]
    public async Task WhatTheOwnerMasksInAFieldIsMaskedInTheSentence()
    {
        await using var app = await RecordedApp.Start(_ => { }, audit => audit.Configure(options =>
            options.Redact = (field, value) => field == "user.target.name" ? "[somebody]" : field == "security_audit.change.after" ? null : value));

        await app.Audit.RecordAsync(By(Owner, SecurityEvents.AuthzChange(Ada, "role", ["Staff"], ["Owner"])));

        Assert.Equal("owner@shop.example took the role Staff from [somebody].", (await app.Event("authz_change")).Text("message"));
    }

    [Fact]
    public async Task LettersOfEveryScriptStandInTheJournalAsThemselves()
    {
        await using var app = await RecordedApp.Start(_ => { });

        await app.Audit.RecordAsync(Some.Event() with { User = new AuditUser("1", "Jürgen Ἀθήνη 𠮷野 🐙 <&'>") });

        var line = Encoding.UTF8.GetBytes("\"user.name\":\"Jürgen Ἀθήνη 𠮷野 🐙 <&'>\"");
        await app.Events();
        Assert.Contains(Directory.GetFiles(app.Directory, "*.jsonl"), file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes.AsSpan().IndexOf(line) >= 0;
        });
    }
}
