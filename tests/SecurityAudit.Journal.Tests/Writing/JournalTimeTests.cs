using Microsoft.Extensions.Time.Testing;

namespace SecurityAudit.Journal.Tests.Writing;

public sealed class JournalTimeTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ALineForWhichNobodyWaitsIsOnDiskAfterTheFlushInterval()
    {
        await using var writer = Open();
        Eventually.True(() => writer.DurableSize == writer.Size, "the beginning on disk");
        var sequence = writer.Append(Some.Event());

        _time.Advance(TimeSpan.FromMilliseconds(50));

        Eventually.True(() => writer.DurableSize > sequence, "the line on disk");
    }

    [Fact]
    public async Task ALineIsSignedAfterTheCheckpointInterval()
    {
        await using var writer = Open();
        var sequence = writer.Append(Some.Event());
        await writer.FlushAsync(sequence);
        Assert.DoesNotContain(_folder.Checkpoints(), c => c.Checkpoint.Size > sequence);

        AdvanceUntil(() => _folder.Checkpoints().Any(c => c.Checkpoint.Size > sequence), TimeSpan.FromMilliseconds(100));

        _folder.AssertSound();
    }

    [Fact]
    public async Task AnIdleJournalSignsEveryMinuteThatNothingHasHappened()
    {
        await using var writer = Open();
        Eventually.True(() => _folder.Checkpoints().Count == 1, "the first checkpoint");

        AdvanceUntil(() => _folder.Checkpoints().Count == 3, TimeSpan.FromSeconds(5));

        Assert.InRange(_time.GetUtcNow() - new FakeTimeProvider().GetUtcNow(), TimeSpan.FromSeconds(115), TimeSpan.FromMinutes(4));
    }

    [Fact]
    public async Task ASegmentOfADayIsFollowedByTheNext()
    {
        await using var writer = Open();

        AdvanceUntil(() => JournalDirectory.Segments(_folder.Path).Count == 2, TimeSpan.FromMinutes(59));

        Assert.InRange(_time.GetUtcNow() - new FakeTimeProvider().GetUtcNow(), TimeSpan.FromHours(23), TimeSpan.FromHours(36));
        _folder.AssertSound();
    }

    [Fact]
    public async Task AClockThatStepsBackIsSaidAndStopsNothing()
    {
        var clock = new SteppingClock();
        await using var writer = _folder.Open(o => o.TimeProvider = clock);
        await writer.FlushAsync(writer.Append(Some.Event()));

        clock.Offset = TimeSpan.FromHours(-2);
        await writer.FlushAsync(writer.Append(Some.Event()));

        Assert.Contains("it was set back", _folder.Notices.Expect(JournalNoticeKind.ClockStepped).Message, StringComparison.Ordinal);
        _folder.AssertSound();
    }

    private JournalWriter Open() => _folder.Open(o => o.TimeProvider = _time);

    /// <summary>Lets time pass in steps, so that each of the writer's timers sees its moment.</summary>
    private void AdvanceUntil(Func<bool> condition, TimeSpan step) => Eventually.True(
        () =>
        {
            if (condition())
            {
                return true;
            }

            _time.Advance(step);
            Thread.Sleep(5);
            return condition();
        },
        "the condition as time passes");

    private sealed class SteppingClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
