using SecurityAudit.Detection;
using SecurityAudit.Detection.Rules;
using SecurityAudit.Fields;
using static SecurityAudit.Tests.Detection.SomeAttempt;

namespace SecurityAudit.Tests.Detection;

/// <summary>Each rule: an attack that it tells, the same one short of it, honest people, and what an evasion costs.</summary>
public sealed class RuleTests
{
    private const string Office = "198.51.100.20";

    [Theory]
    [InlineData(10, true)]
    [InlineData(9, false)]
    public void OneAccountThatIsTriedManyTimesFromOnePlaceIsBruteForce(int attempts, bool told) =>
        Tells(told, $"brute_force ada, {Attacker}", Enumerable.Range(0, attempts).Select(n => Failed("ada", at: Noon.AddSeconds(n * 20))));

    [Fact]
    public void WhoeverMistypesNineTimesAndThenSignsInIsNobodysAttacker() => Tells(
        nothing: null,
        Enumerable.Range(0, 4).SelectMany(n => Enumerable.Range(0, 9).Select(_ => Failed("ada", Office, Noon.AddMinutes(n))).Append(Succeeded("ada", Office, Noon.AddMinutes(n)))));

    [Fact]
    public void WhoeverTriesOneAccountHalfAMinuteApartIsNotBruteForceAndGetsTwoThousandPasswordsADay() =>
        Tells(nothing: null, Enumerable.Range(0, 120).Select(n => Failed("ada", at: Noon.AddSeconds(n * 34))));

    [Theory]
    [InlineData(5, true)]
    [InlineData(4, false)]
    public void OneAccountThatIsTriedFromManyPlacesIsDistributedBruteForce(int places, bool told) =>
        Tells(told, "distributed_brute_force ada", Enumerable.Range(0, 20).Select(n => Failed("ada", $"192.0.2.{n % places}", Noon.AddMinutes(n))));

    [Theory]
    [InlineData(5, 15, true)]
    [InlineData(15, 15, true)]
    [InlineData(5, 14, false)]
    [InlineData(4, 28, false)]
    public void OneSourceThatTriesManyAccountsIsPasswordSpraying(int accounts, int attempts, bool told) =>
        Tells(told, $"password_spraying {Attacker}", Spray(accounts, attempts, seconds: 240.0 * 14 / attempts));

    [Fact]
    public void NineAttemptsOnEachOfFortyAccountsAreTold() =>
        Assert.Contains($"password_spraying {Attacker}", new Watched().Sees(Spray(40, 360, seconds: 9)).Raised);

    [Fact]
    public void NamesThatNoAccountHasCountLikeOthers() =>
        Tells(true, $"password_spraying {Attacker}", Enumerable.Range(0, 15).Select(n => FailedUnknown($"nobody-{n % 14}", at: Noon.AddMinutes(2 * n))));

    [Fact]
    public void AnOfficeBehindOneAddressIsNoAttacker() => Tells(
        nothing: null,
        Enumerable.Range(0, 50).SelectMany(n => n % 3 == 0
            ? new[] { Failed($"clerk-{n}", Office, Noon.AddSeconds(n * 4)), Succeeded($"clerk-{n}", Office, Noon.AddSeconds((n * 4) + 11)) }
            : [Succeeded($"clerk-{n}", Office, Noon.AddSeconds(n * 4))]).OrderBy(e => e.Timestamp));

    [Fact]
    public void AHostThatChangesItsAddressWithinItsIPv6NetworkIsOneSource() => Tells(
        true, "password_spraying 2001:db8:1:2::/64", Enumerable.Range(1, 15).Select(n => Failed($"user-{n}", $"2001:db8:1:2::{n:x}", Noon.AddMinutes(2 * n))));

    [Fact]
    public void WithoutAnAddressAllIsOfOneSource() =>
        Tells(true, "password_spraying an unknown address", Spray(6, 15, source: null, seconds: 120));

    [Theory]
    [InlineData(25, true)]
    [InlineData(24, false)]
    public void VeryManyAccountsOnceEachAreCredentialStuffing(int accounts, bool told)
    {
        var watched = new Watched().Sees(Spray(accounts, accounts, seconds: 30));

        Assert.Equal(told, watched.Raised.Contains($"credential_stuffing {Attacker}"));
    }

    [Fact]
    public void ASuccessOfTheAttackersIsToldAndOneOfSomebodyElseIsNot()
    {
        var watched = new Watched().Sees(Spray(5, 15));
        Assert.Equal([$"password_spraying {Attacker}"], watched.Raised);

        watched.Sees(Succeeded("user-9", Office, Noon.AddMinutes(5)));
        Assert.Single(watched.Raised);

        watched.Sees(Succeeded("user-3", at: Noon.AddMinutes(6)));
        Assert.Equal($"success_after_attack {Attacker}", watched.Raised.Last());
        Assert.Equal("user-3", watched.Told[^1].User?.Name);
    }

    [Fact]
    public void AfterADistributedAttackTheOwnersSignInIsNoSuccessOfTheAttackersAndOneOfTheirPlacesIs()
    {
        var watched = new Watched().Sees(Enumerable.Range(0, 20).Select(n => Failed("ada", $"192.0.2.{n % 10}", Noon.AddSeconds(n * 10))));
        Assert.Equal(["distributed_brute_force ada"], watched.Raised);

        watched.Sees(Succeeded("ada", Office, Noon.AddMinutes(5)));
        Assert.Single(watched.Raised);

        watched.Sees(Succeeded("ada", "192.0.2.9", Noon.AddMinutes(6)));
        Assert.StartsWith("success_after_attack", watched.Raised.Last(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "maxretries", true)]
    [InlineData(2, "maxretries", false)]
    [InlineData(9, "other", false)]
    public void SeveralAccountsThatFailuresLockAreALockoutStorm(int accounts, string reason, bool told) =>
        Tells(told, "lockout_storm ", Enumerable.Range(0, accounts).Select(n => At(SecurityEvents.AuthnLoginLock(Some.User($"user-{n}"), reason), at: Noon.AddMinutes(n * 20))));

    [Theory]
    [InlineData(20, 10, true)]
    [InlineData(19, 10, false)]
    [InlineData(60, 9, false)]
    public void WhoAsksForOnePlaceAfterAnotherThatIsNotForThemIsBrowsingByForce(int refusals, int places, bool told) =>
        Tells(told, $"forced_browsing {Attacker}", Enumerable.Range(0, refusals).Select(n => Denied($"/admin/{n % places}", at: Noon.AddSeconds(n * 5))));

    [Fact]
    public void ABrokenLinkOnAPopularPageIsNoAttackHoweverManyFollowIt() => Tells(
        nothing: null, Enumerable.Range(0, 300).Select(n => Denied("/old/offer", Office, Noon.AddSeconds(n)) with { User = Some.User($"clerk-{n % 50}") }));

    [Fact]
    public void OneAccountThatChangesItsAddressIsBrowsingByForceAllTheSame() => Tells(
        true, "forced_browsing visitor", Enumerable.Range(0, 20).Select(n => Denied($"/admin/{n}", $"192.0.2.{n}", Noon.AddSeconds(n))));

    [Fact]
    public void ManyAddressesThatDoNotExistAreBrowsingByForce() =>
        Tells(true, $"forced_browsing {Attacker}", [At(SecurityEvents.MaliciousExcess404())]);

    [Fact]
    public void AnAttackToolIsTold() => Tells(true, $"attack_tool {Attacker}", [At(SecurityEvents.MaliciousAttackTool("sqlmap"))]);

    [Theory]
    [InlineData(5, true)]
    [InlineData(4, false)]
    public void RequestsWithoutAValidTokenOneAfterAnotherAreForged(int requests, bool told) =>
        Tells(told, $"forged_request {Attacker}", Enumerable.Range(0, requests).Select(n => At(SecurityEvents.MaliciousCsrf("no token"), at: Noon.AddSeconds(n))));

    [Theory]
    [InlineData(5, true)]
    [InlineData(1, false)]
    public void CredentialsOfOnesOwnMakingAreForgedAndOneThatIsStaleIsNot(int different, bool told) => Tells(
        told, $"forged_request {Attacker}", Enumerable.Range(0, 40).Select(n =>
            At(SecurityEvents.AuthnCredentialInvalid("Cookies", "altered"), at: Noon.AddSeconds(n)).With(EventFields.CredentialHash, $"k1:{n % different}")));

    [Theory]
    [InlineData(99, true)]
    [InlineData(98, false)]
    public void WhatWasLeftOutBesideAnEventCounts(int more, bool told) => Tells(
        told, $"rate_limit_storm {Attacker}", [At(SecurityEvents.ExcessRateLimitExceeded("login")).With(EventFields.Repeated, more)]);

    [Fact]
    public void WhoGivesThemselvesARoleEscalates() => Tells(
        true, "privilege_escalation ann", [By("ann", SecurityEvents.AuthzChange(Some.User(), "role", [], ["Admin"])).With(EventFields.ChangeOwn, true)]);

    [Fact]
    public void ANewAdministratorWhoChangesAccountsAtOnceEscalatesAndOneWhoShipsAnOrderDoesNot()
    {
        var made = By("owner", SecurityEvents.AuthzChange(Some.User(), "role", [], ["Admin"]));

        Tells(nothing: null, [made, By("ann", SecurityEvents.Activity("order.ship"), at: Noon.AddMinutes(2))]);
        Tells(nothing: null, [made, By("ann", SecurityEvents.UserDeleted(Some.User("bob")), at: Noon.AddMinutes(11))]);
        Tells(nothing: null, [made with { User = null }, By("ann", SecurityEvents.UserDeleted(Some.User("bob")), at: Noon.AddMinutes(2))]);
        Tells(true, "privilege_escalation ann", [made, By("ann", SecurityEvents.UserDeleted(Some.User("bob")), at: Noon.AddMinutes(9))]);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(19, false)]
    public void OneActorWhoChangesManyAccountsIsTold(int accounts, bool told) => Tells(
        told, "mass_change ann", Enumerable.Range(0, accounts).Select(n => By("ann", SecurityEvents.UserDeleted(Some.User($"user-{n}")), at: Noon.AddSeconds(n * 20))));

    [Theory]
    [InlineData("address and program", true)]
    [InlineData("address", false)]
    [InlineData("program", false)]
    public void ASessionFromAnotherPlaceWithAnotherProgramIsReusedAndATelephoneThatMovesIsNot(string what, bool told) => Tells(
        told, "session_reuse k1:session", [By("ann", SecurityEvents.SessionSourceChanged(what, ["192.0.2.1"], [Attacker])).With(EventFields.SessionId, "k1:session")]);

    [Fact]
    public void WhoIsInTwoPlacesTooSoonTravelsImpossiblyAndATrainDoesNot()
    {
        static Watched New() => new(resolver: new RuleExamples.Map());

        Tells(true, "impossible_travel ann", [Succeeded("ann", "192.0.2.1"), Succeeded("ann", "198.51.100.1", Noon.AddHours(1))], New());
        Tells(nothing: null, [Succeeded("ann", "192.0.2.1"), Succeeded("ann", "198.51.100.1", Noon.AddHours(24))], New());
        Tells(nothing: null, [Succeeded("ann", "192.0.2.1"), Succeeded("ann", "192.0.2.2", Noon.AddMinutes(5))], New());
        Tells(nothing: null, [Succeeded("ann", "192.0.2.1"), Succeeded("ann", "10.0.0.1", Noon.AddMinutes(5))], New());
    }

    [Theory]
    [InlineData(91, true)]
    [InlineData(89, false)]
    public void AnAccountThatNobodyUsedForALongTimeIsTold(int days, bool told) =>
        Tells(told, "dormant_account ann", [Succeeded("ann", Office), Succeeded("ann", Office, Noon.AddDays(days)), Succeeded("bob", Office, Noon.AddDays(days))]);

    [Fact]
    public void AnAdministratorFromANewPlaceIsToldAndOneInTheirFirstPlaceIsNot()
    {
        Tells(nothing: null, [Succeeded("ann", Office, Noon, "Admin"), Succeeded("ann", Office, Noon.AddDays(20), "Admin"), Succeeded("bob", Attacker, Noon.AddDays(21), "Clerk")]);
        Tells(true, "new_source_for_administrator ann", [Succeeded("ann", Office, Noon, "Admin"), Succeeded("ann", Attacker, Noon.AddDays(20), "Admin")]);
    }

    [Fact]
    public void WhoeverTouchesAHoneytokenIsTold()
    {
        Tells(true, $"honeytoken {Attacker}", [At(SecurityEvents.HoneytokenUsed("the key in the wiki"))]);
        Tells(true, $"honeytoken {Attacker}", [Failed("svc-backup")], new Watched(honeytokens: ["svc-backup"]));
        Tells(true, $"honeytoken {Attacker}", [Denied("/backup.zip")], new Watched(honeytokens: ["/backup.zip"]));
        Tells(nothing: null, [Failed("svc-backup"), Denied("/backup.zip")]);
    }

    [Fact]
    public void TroublesOfTheAuditAreToldEachOnce() => Tells(
        true, "audit_health audit_hook_failed",
        [SecurityEvents.AuditHookFailed("identity", 1, "X"), SecurityEvents.AuditHookFailed("identity", 2, "X"), SecurityEvents.AuditCoverage()]);

    [Fact]
    public void AProbeThatIsRefusedEachTenSecondsIsNoAttack() =>
        Tells(nothing: null, Enumerable.Range(0, 360).Select(n => Denied("/health", Office, Noon.AddSeconds(n * 10))));

    [Fact]
    public void ALoadTestFromAnExceptedRangeIsLeftAloneAndNobodyElseIs()
    {
        var excepted = new RuleExceptions { Sources = ["10.0.0.0/8"], Users = ["SCANNER"], Agents = ["our-load-test/"] };

        Tells(nothing: null, Spray(5, 40, "10.1.2.3"), new Watched(exceptions: excepted));
        Tells(nothing: null, Spray(5, 40).Select(e => e with { User = Some.User("scanner") }), new Watched(exceptions: excepted));
        Tells(nothing: null, Spray(5, 40).Select(e => e.With(EventFields.UserAgent, "our-load-test/2")), new Watched(exceptions: excepted));
        Assert.NotEmpty(new Watched(exceptions: excepted).Sees(Spray(5, 40, "11.1.2.3")).Raised);
    }

    [Fact]
    public void EachRuleThatIsBuiltInHasAnExample()
    {
        Assert.Equal(RuleCatalogue.BuiltIn.Keys, RuleExamples.All.Keys);
    }

    private static void Tells(bool told, string rule, IEnumerable<SecurityEvent> events, Watched? watched = null) =>
        Assert.Equal(told ? [rule] : [], (watched ?? new Watched()).Sees(events).Raised);

    private static void Tells(string? nothing, IEnumerable<SecurityEvent> events, Watched? watched = null) => Tells(false, nothing ?? "", events, watched);
}
