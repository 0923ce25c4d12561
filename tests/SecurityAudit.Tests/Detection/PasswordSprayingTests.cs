using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Detection;

namespace SecurityAudit.Tests.Detection;

public sealed class PasswordSprayingTests
{
    private readonly FakeTimeProvider _time = new(SomeAttempt.Noon);
    private readonly RuleDetector _detector;

    public PasswordSprayingTests() => _detector = new RuleDetector(DetectionRules.PasswordSpraying, _time, new DetectionLimits());

    [Theory]
    [InlineData(5, 15, true)]
    [InlineData(15, 15, true)]
    [InlineData(5, 14, false)]
    [InlineData(4, 32, false)]
    public void OneSourceThatTriesManyAccountsRaisesAnAlert(int accounts, int attempts, bool raised)
    {
        var alerts = _detector.ObserveAll(SomeAttempt.Spray(accounts, attempts));

        Assert.Equal(raised, alerts.Count == 1);
    }

    [Fact]
    public void AnAccountThatIsTriedMoreThanEightTimesIsAnAttackOfAnotherKindAndDoesNotCount()
    {
        var bruteForce = Enumerable.Range(0, 4).SelectMany(n => Enumerable.Repeat($"victim-{n}", 9)).Select(user => SomeAttempt.On(user)).ToList();

        Assert.Empty(_detector.ObserveAll(bruteForce));
        Assert.Empty(_detector.ObserveAll(SomeAttempt.Spray(5, 14)));
        Assert.Single(_detector.ObserveAll([SomeAttempt.On("user-0")]));
    }

    [Fact]
    public void SourcesAreCountedApart()
    {
        var alerts = _detector.ObserveAll(Enumerable.Range(0, 40).Select(n => SomeAttempt.On($"user-{n % 10}", n % 3 == 0 ? "203.0.113.1" : $"198.51.100.{n % 3}")));

        Assert.Empty(alerts);
    }

    [Fact]
    public void AHostThatChangesItsAddressWithinItsIPv6NetworkIsOneSource()
    {
        var alert = Assert.Single(_detector.ObserveAll(Enumerable.Range(1, 15).Select(n => SomeAttempt.On($"user-{n}", $"2001:db8:1:2::{n:x}"))));

        Assert.Equal("2001:db8:1:2::/64", alert.Group);
        Assert.Equal("2001:db8:1:2::f", alert.ToEvent()["source.ip"]);
    }

    [Fact]
    public void NamesThatNoAccountHasCountByTheirHash() =>
        Assert.Single(_detector.ObserveAll(Enumerable.Range(0, 15).Select(n => SomeAttempt.OnNobody($"hash-{n}"))));

    [Fact]
    public void AttemptsOlderThanAnHourAreForgotten()
    {
        Assert.Empty(_detector.ObserveAll(SomeAttempt.Spray(7, 14)));
        Assert.Empty(_detector.ObserveAll(SomeAttempt.Spray(7, 14, at: SomeAttempt.Noon.AddMinutes(61))));
        Assert.Single(_detector.ObserveAll(SomeAttempt.Spray(7, 1, at: SomeAttempt.Noon.AddMinutes(62))));
    }

    [Fact]
    public void TheAlertSaysWhatHappenedInOneSentenceAndInEcsFields()
    {
        var attempts = SomeAttempt.Spray(5, 14).Append(SomeAttempt.On("user-4", at: SomeAttempt.Noon.AddMinutes(3))).ToList();
        var alert = Assert.Single(_detector.ObserveAll(attempts)).ToEvent();

        Assert.Equal(
            "Somebody at 203.0.113.7 is trying common passwords on many accounts: 15 failed sign-ins on 5 accounts within 3 minutes; "
            + "block that address and see whether one of its sign-ins succeeded.",
            alert.Message);
        Assert.Equal("alert_password_spraying", alert.Action);
        Assert.Equal("alert", alert.Kind);
        Assert.Equal(["intrusion_detection", "authentication"], alert.Categories);
        Assert.Equal(["info"], alert.Types);
        Assert.Equal(EventSeverity.High, alert.Severity);
        Assert.Equal(73.0, alert["event.risk_score"]);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), alert["event.start"]);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 12, 3, 0, TimeSpan.Zero), alert["event.end"]);
        Assert.Equal("password_spraying", alert["rule.id"]);
        Assert.Equal("Password spraying", alert["rule.name"]);
        Assert.Equal("203.0.113.7", alert["source.ip"]);
        Assert.Equal(["TA0006"], Texts(alert["threat.tactic.id"]));
        Assert.Equal(["T1110"], Texts(alert["threat.technique.id"]));
        Assert.Equal(["T1110.003"], Texts(alert["threat.technique.subtechnique.id"]));
        Assert.Equal(["https://attack.mitre.org/techniques/T1110/003/"], Texts(alert["threat.technique.subtechnique.reference"]));
        Assert.Equal(attempts.Select(attempt => attempt.Id), Texts(alert["security_audit.alert.events"]));
    }

    [Fact]
    public void WhatFollowsAnAlertIsOneSummaryAnHourLater()
    {
        Assert.Single(_detector.ObserveAll(SomeAttempt.Spray(5, 15)));
        Assert.Empty(_detector.ObserveAll(SomeAttempt.Spray(30, 500, at: SomeAttempt.Noon.AddMinutes(10))));
        Assert.Empty(_detector.ObserveAll([SomeAttempt.On("user-0", at: SomeAttempt.Noon.AddMinutes(40))]));

        _time.Advance(TimeSpan.FromMinutes(60));
        var summary = Assert.Single(_detector.Review()).ToEvent();

        Assert.Equal("203.0.113.7 kept trying passwords after the alert: 501 more failed sign-ins on 30 accounts within 30 minutes.", summary.Message);
        Assert.Equal("summary", summary["security_audit.alert.stage"]);
        Assert.Equal(Alert.MostEventIds, Texts(summary["security_audit.alert.events"]).Length);
        Assert.Empty(_detector.Review());
    }

    [Fact]
    public void TheSummaryComesWithTheNextAttemptWhenNobodyLooksAtTheClock()
    {
        _detector.ObserveAll(SomeAttempt.Spray(5, 20));

        Assert.True(Assert.Single(_detector.Observe(SomeAttempt.On("user-0", at: SomeAttempt.Noon.AddMinutes(61)))).IsSummary);
    }

    [Fact]
    public void AfterAnHourOfQuietTheNextAttackIsNews()
    {
        _detector.ObserveAll(SomeAttempt.Spray(5, 15));
        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.Empty(_detector.Review());

        Assert.False(Assert.Single(_detector.ObserveAll(SomeAttempt.Spray(5, 15, at: _time.GetUtcNow()))).IsSummary);
    }

    [Fact]
    public void WhatIsOverTakesNoMemory()
    {
        _detector.ObserveAll(Enumerable.Range(0, 100).SelectMany(n => SomeAttempt.Spray(5, 5 + (n % 12), $"198.51.100.{n}")));
        _time.Advance(TimeSpan.FromHours(3));
        Assert.NotEmpty(_detector.Review());
        _time.Advance(TimeSpan.FromHours(3));
        Assert.Empty(_detector.Review());

        Assert.Equal((0, 0), (_detector.Groups, _detector.Observations));
    }

    private static string[] Texts(object? value) => [.. Assert.IsType<ImmutableArray<string>>(value)];
}
