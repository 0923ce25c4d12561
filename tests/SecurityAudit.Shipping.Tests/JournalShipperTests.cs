using System.Text;
using SecurityAudit.Journal;

namespace SecurityAudit.Shipping.Tests;

/// <summary>An application's own log, while it is written, and those that others left behind.</summary>
public sealed class JournalShipperTests : IDisposable
{
    private readonly ShippedJournal _journal = ShippedJournal.Of(10);

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task TheLogOfTheWriterIsShippedAsItGrowsAndThoseThatWereLeftBehindToo()
    {
        var left = _journal.Log.Id;
        using var held = LogLock.TryTake(_journal.Path)!; // so that the writer takes a log of its own
        await using var writer = JournalWriter.Open(_journal.Path, new JournalOptions { WarnFreeBytes = 0, CriticalFreeBytes = 0, ReserveBytes = 0 });
        held.Dispose();
        var destinations = new Dictionary<string, MemoryDestination>(StringComparer.Ordinal);
        var failures = new List<Exception>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(60));
        var follower = new JournalShipper(writer, files => new LogShipper(Destination(files.LogId), _journal.Options, files), TimeProvider.System, failures.Add);

        var following = follower.RunAsync(stop.Token);
        for (var i = 0; i < 20; i++)
        {
            await writer.FlushAsync(writer.Append(Encoding.UTF8.GetBytes("""{"event.action":"authn_login_fail"}""")), stop.Token);
        }

        while (Count(writer.Id) < 20 || Count(left) < 10)
        {
            await Task.Delay(10, stop.Token);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);

        Assert.NotEqual(left, writer.Id);
        Assert.Empty(failures);
        Assert.Equal(_journal.Lines(), Destination(left).Stored);
        Assert.NotNull(follower.Own);

        int Count(string id)
        {
            lock (destinations)
            {
                return destinations.TryGetValue(id, out var destination) ? destination.Stored.Count : 0;
            }
        }

        MemoryDestination Destination(string id)
        {
            lock (destinations)
            {
                return destinations.TryGetValue(id, out var destination) ? destination : destinations[id] = new MemoryDestination();
            }
        }
    }

    [Fact]
    public async Task WhatFailsOnThisSideIsSaidAndTriedAgain()
    {
        using var elsewhere = new ShippingFiles(_journal.Path, _journal.Log.Id).TryLock();
        await using var writer = JournalWriter.Open(_journal.Path, new JournalOptions { WarnFreeBytes = 0, CriticalFreeBytes = 0, ReserveBytes = 0 });
        var failed = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var follower = new JournalShipper(writer, files => throw new InvalidOperationException("not reached"), TimeProvider.System, error => failed.TrySetResult(error));

        var following = follower.RunAsync(stop.Token);
        var error = await failed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);

        Assert.Contains("is being shipped by another process", error.Message, StringComparison.Ordinal);
    }
}
