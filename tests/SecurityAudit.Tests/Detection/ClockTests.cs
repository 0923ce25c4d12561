using Microsoft.Extensions.Time.Testing;
using SecurityAudit.Detection.Engine;
using SecurityAudit.Detection.Following;
using static SecurityAudit.Tests.Detection.SomeAttempt;

namespace SecurityAudit.Tests.Detection;

/// <summary>Whoever sets the machine's clock neither hides an attack nor makes one.</summary>
public sealed class ClockTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public void ASprayAfterTheClockWasSetBackByTwoHoursIsTold()
    {
        var watched = Live().Sees(Failed("ada", at: _time.GetUtcNow()));
        _time.Offset = TimeSpan.FromHours(-2);

        Assert.Equal([$"password_spraying {Attacker}"], Attack(watched, 24).Raised);
    }

    [Fact]
    public void ASprayAfterAnEventOfTomorrowIsTold()
    {
        var watched = Live().Sees(Failed("ada", at: _time.GetUtcNow().AddDays(1)));

        Assert.Equal([$"password_spraying {Attacker}"], Attack(watched, 24).Raised);
    }

    [Fact]
    public void AnAlertUnderAFastClockMutesNothingOfWhatFollows()
    {
        _time.Offset = TimeSpan.FromDays(1);
        var watched = Attack(Live(), 15);
        _time.Offset = TimeSpan.Zero;
        _time.Advance(TimeSpan.FromMinutes(61));
        watched.Review();
        Assert.Equal("alert_resolved", watched.Told[^1].Action);

        Attack(watched, 15);
        Assert.Equal(2, watched.Raised.Count());
    }

    [Fact]
    public void WhatTheFirstLifeOfAJournalSawIsAsOldForTheNext()
    {
        var first = new JournalClock(_time);
        first.BeginLive();
        _time.Advance(TimeSpan.FromMinutes(1));
        var at = _time.GetUtcNow();

        Assert.Equal(new JournalClock(_time).Advance(at), first.Advance(at));
    }

    [Fact]
    public void ATrickleOverHoursIsNoSprayWhateverTheClockSays()
    {
        var watched = Live();
        for (var n = 0; n < 40; n++)
        {
            _time.Advance(TimeSpan.FromMinutes(10));
            _time.Offset -= TimeSpan.FromMinutes(9);
            watched.Sees(Failed($"user-{n % 9}", at: _time.GetUtcNow()));
            watched.Review();
        }

        Assert.Empty(watched.Raised);
    }

    [Fact]
    public void AStepIsSeenAndTheClockThatGoesOnIsNone()
    {
        var steps = new ClockSteps(_time);
        _time.Advance(TimeSpan.FromHours(3));
        Assert.Null(steps.Look());

        _time.Offset = TimeSpan.FromHours(-2);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromHours(-2), steps.Look());
        Assert.Null(steps.Look());

        _time.Offset = TimeSpan.Zero;
        Assert.Equal(TimeSpan.FromHours(2), steps.Look());
    }

    private Watched Live()
    {
        var watched = new Watched(time: _time).Sees(At(SecurityEvents.MaliciousCsrf("begins the time"), "192.0.2.200", _time.GetUtcNow()));
        watched.Clock.BeginLive();
        return watched;
    }

    private Watched Attack(Watched watched, int attempts)
    {
        for (var n = 0; n < attempts; n++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            watched.Sees(Failed($"user-{n % 9}", at: _time.GetUtcNow()));
        }

        return watched;
    }

    /// <summary>A wall clock that somebody sets beside a clock that nobody does.</summary>
    private sealed class SteppedTime : FakeTimeProvider
    {
        public SteppedTime()
            : base(Noon)
        {
        }

        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
