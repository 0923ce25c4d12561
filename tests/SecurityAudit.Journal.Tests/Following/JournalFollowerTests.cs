using Microsoft.Extensions.Time.Testing;

namespace SecurityAudit.Journal.Tests.Following;

/// <summary>What every destination stands on: this process's log as it grows, and the logs that others left behind.</summary>
public sealed class JournalFollowerTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private readonly ListedWork _work = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheLinesOfTheWriterAreSettledInTheirOrderAsTheyBecomeDurable()
    {
        await using var writer = _folder.Open();
        var following = Follow(writer);
        for (var n = 0; n < 20; n++)
        {
            await writer.FlushAsync(writer.Append(Some.Event(n)), _stop.Token);
        }

        Eventually.True(() => _work.Begun.TryGetValue(writer.Id, out var own) && own.Settled.Count >= writer.DurableSize, "every line that is durable");
        await StopAsync(following);

        Assert.Empty(_work.Failures);
        Assert.Equal(Enumerable.Range(0, 20), _work.Begun[writer.Id].Settled.Take(20).Select(sequence => (int)sequence));
        Assert.True(_work.Begun[writer.Id].IsSuspended);
    }

    [Fact]
    public async Task ALogThatWasLeftBehindIsSettledToItsEndAndOneThatSomebodyWritesIsLeftAlone()
    {
        await using var left = _folder.Open();
        await using var other = _folder.Open();
        await using var own = _folder.Open();
        left.Append(Some.Event());
        await left.DisposeAsync();

        var following = Follow(own);
        Eventually.True(() => _work.Begun.TryGetValue(left.Id, out var work) && work.IsSuspended, "the end of the log that was left");
        await StopAsync(following);

        Assert.Equal(Enumerable.Range(0, _folder.Lines(left.LogDirectory).Count), _work.Begun[left.Id].Settled.Select(sequence => (int)sequence));
        Assert.Equal(long.MaxValue, _work.Begun[left.Id].Size);
        Assert.DoesNotContain(other.Id, _work.Begun.Keys);
    }

    [Fact]
    public async Task ALogThatIsWrittenAgainIsLeftToWhoeverWritesIt()
    {
        await using var first = _folder.Open();
        await using var own = _folder.Open();
        await first.DisposeAsync();
        using var taken = new ManualResetEventSlim();
        JournalWriter? again = null;
        _work.WhenLeftIsSettled = () =>
        {
            if (again is null)
            {
                again = _folder.Open();
                again.Append(Some.Event());
                again.FlushAsync().AsTask().GetAwaiter().GetResult();
                taken.Set();
            }
        };

        var following = Task.Run(() => Follow(own));
        Assert.True(taken.Wait(TimeSpan.FromSeconds(20), _stop.Token));
        Eventually.True(() => _work.Begun.TryGetValue(first.Id, out var work) && work.IsSuspended, "the end of the work on the log");
        await StopAsync(following);
        await again!.DisposeAsync();

        Assert.Equal(first.Id, again.Id);
        Assert.True(_work.Begun[first.Id].Settled.Count < _folder.Lines(first.LogDirectory).Count);
    }

    [Fact]
    public async Task WhatFailsIsSaidAndTriedAgainAfterFiveSeconds()
    {
        await using var writer = _folder.Open();
        _work.Elsewhere = writer.Id;
        var following = Follow(writer);
        Eventually.True(() => !_work.Failures.IsEmpty, "the failure");
        Assert.Equal($"{writer.Id} is worked on elsewhere", Assert.IsType<IOException>(_work.Failures.First()).Message);

        _work.Elsewhere = null;
        Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                return _work.Begun.ContainsKey(writer.Id);
            },
            "another attempt");
        await StopAsync(following);
    }

    private Task Follow(JournalWriter writer) => new JournalFollower(writer, _work, _time).RunAsync(_stop.Token);

    private async Task StopAsync(Task following)
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
    }
}
