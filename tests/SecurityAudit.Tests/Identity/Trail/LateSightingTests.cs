using System.Collections.Immutable;
using SecurityAudit.Capture.Identity.Trail;

namespace SecurityAudit.Tests.Identity.Trail;

/// <summary>
/// One attempt whose hooks come in another order than usual: saved in a transaction that is committed later, measured after the answer.
/// </summary>
public sealed class LateSightingTests
{
    private static readonly AuditUser Ann = Stories.Account("ann");

    private static readonly SecurityEvent Lock = SecurityEvents.AuthnLoginLock(Ann, "maxretries");

    [Fact]
    public void ALockIsToldOnceWhereverItsCommitComes()
    {
        ImmutableArray<Func<long, Sighting>> attempt =
        [
            at => new NameLookedUp(at, "ann"), at =>
                new PasswordCompared(at, Ann, IsRight: false), at => new PasswordChecked(at, "failure"),
            at => new AccountSaving(at, Ann, IsLocked: true), at => new AccountWriting(at, Ann, Failures: 0, Locks: true),
            at => new ChangesWritten(at, [Ann]), at => new SignInChecked(at, "locked_out"),
            at => new SignInMeasured(at, Started: 1, DateTimeOffset.UnixEpoch, "password", "locked_out"), at =>
                new Answered(at, 200, IsLast: true),
        ];
        for (var commit = 6; commit <= attempt.Length; commit++)
        {
            var told = Play(attempt.Insert(commit, at => new ChangeMade(at, Lock)));

            Assert.Equal(["authn_login_fail", "authn_login_lock"], told.Select(e => e.Action).Order());
        }
    }

    [Fact]
    public void ABetterHashIsNoChangeOfThePasswordWhetherItIsSavedBeforeTheCheckIsMeasuredOrAfterwards()
    {
        ImmutableArray<Func<long, Sighting>> attempt =
        [
            at => new PasswordCompared(at, Ann, IsRight: true, NeedsNewHash: true), at => new AccountSaving(at, Ann),
            at => new ChangeMade(at, SecurityEvents.AuthnPasswordChange(Ann)),
            at => new AccountMeasured(at, Started: 1, AccountOperation.Update, "password_rehash", "success", IsCovered: true),
            at => new SignInChecked(at, "success"), at => new SessionBegun(at, Ann, "Cookies"),
            at => new SignInMeasured(at, Started: 1, DateTimeOffset.UnixEpoch, "password", "success"), at =>
                new Answered(at, 200, IsLast: true),
        ];
        for (var check = 1; check < attempt.Length - 1; check++)
        {
            var told = Play(attempt.Insert(check, at => new PasswordChecked(at, "success_rehash_needed")));

            Assert.Equal("authn_login_success", Assert.Single(told).Action);
        }
    }

    [Fact]
    public void ASignInThatIsMeasuredAfterTheAnswerIsToldAtOnce()
    {
        var told = Play(
        [
            at => new NameLookedUp(at, "ann", Ann), at => new Answered(at, 200, IsLast: false), at => new Answered(at, 200, IsLast: true),
            at => new NameLookedUp(at, "ann", Ann), at => new SignInChecked(at, "locked_out"),
            at => new SignInMeasured(at, Started: at - 1, DateTimeOffset.UnixEpoch, "password", "locked_out"),
        ]);

        Assert.Equal(("authn_login_fail", "locked out"), (Assert.Single(told).Action, told[0].Reason));
    }

    [Fact]
    public void AnAnswerThatIsAskedForTwiceTellsNothingTwice()
    {
        var told = Play(
        [
            at => new NameLookedUp(at, "ann", Ann), at =>
                new PasswordCompared(at, Ann, IsRight: false), at => new PasswordChecked(at, "failure"),
            at => new Answered(at, 401, IsLast: false), at => new Answered(at, 401, IsLast: true),
        ]);

        Assert.Single(told);
    }

    [Fact]
    public void HoweverMuchIsSeenOnlySoMuchIsKept()
    {
        var trail = new IdentityTrail(caller: null);
        for (var at = 0; at < 10 * TrailState.Most; at++)
        {
            trail.See(new NameLookedUp(at, $"name{at}"));
        }

        Assert.Equal(TrailState.Most, trail.State.Open.Count);
    }

    [Fact]
    public async Task SightingsOfManyThreadsAreEachToldOnce()
    {
        var trail = new IdentityTrail(caller: null);
        var told = new System.Collections.Concurrent.ConcurrentBag<SecurityEvent>();
        await Parallel.ForEachAsync(Enumerable.Range(1, 100), async (number, _) =>
        {
            await Task.Yield();
            var account = new AuditUser($"id-{number}", $"name{number}");
            Sighting[] sightings = [new PasswordCompared(number, account, IsRight: false), new PasswordChecked(number, "failure")];
            foreach (var seen in sightings)
            {
                foreach (var recorded in trail.See(seen).Events)
                {
                    told.Add(recorded);
                }
            }
        });
        foreach (var recorded in trail.See(new Answered(1000, 401, IsLast: true)).Events)
        {
            told.Add(recorded);
        }

        Assert.Equal(Enumerable.Range(1, 100).Select(number => $"id-{number}").Order(StringComparer.Ordinal),
            told.Select(recorded => recorded.User!.Id).Order(StringComparer.Ordinal));
    }

    private static ImmutableList<SecurityEvent> Play(ImmutableArray<Func<long, Sighting>> sightings)
    {
        var state = new TrailState(Caller: null);
        var told = ImmutableList<SecurityEvent>.Empty;
        for (var index = 0; index < sightings.Length; index++)
        {
            var step = IdentityMachine.Next(state, sightings[index](index + 1));
            (state, told) = (step.State, told.AddRange(step.Events));
        }

        return told;
    }
}
