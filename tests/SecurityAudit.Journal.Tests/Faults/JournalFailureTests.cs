namespace SecurityAudit.Journal.Tests.Faults;

public sealed class JournalFailureTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private readonly FaultyDisk _disk = new(_ => null);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DiskCall.Write)]
    [InlineData(DiskCall.Sync)]
    [InlineData(DiskCall.LengthAtPath)]
    [InlineData(DiskCall.Truncate)]
    [InlineData(DiskCall.Create)]
    [InlineData(DiskCall.SyncDirectory)]
    public async Task OneErrorOfTheDiskLosesNoLineAndKeepsNobodyWaiting(object call)
    {
        await using (var writer = _folder.Open(_disk, o => o.MaxSegmentBytes = 4096))
        {
            for (var i = 0; i < 40; i++)
            {
                if (i % 5 == 3)
                {
                    FailOnce((DiskCall)call);
                }

                await writer.FlushAsync(writer.Append(Some.LongEvent(500)));
            }

            Assert.Equal(JournalHealthState.Healthy, writer.Health.State);
        }

        Assert.Equal(40, _folder.Actions().Count(a => a == "test"));
        Assert.Contains("injected", _folder.Notices.Expect(JournalNoticeKind.SegmentReplaced).Message, StringComparison.Ordinal);
        _folder.AssertSound();
    }

    [Fact]
    public async Task AfterAFailedFsyncTheSameLinesStandInANewSegmentAndAProperSegmentFollows()
    {
        await using (var writer = _folder.Open(_disk))
        {
            await writer.FlushAsync(writer.Append(Some.Event(1)));
            await SettleAsync(writer);
            FailOnce(DiskCall.Sync);
            var second = writer.Append(Some.Event(2));
            await writer.FlushAsync(second);

            Assert.True(File.Exists(_folder.Segment(second)));
            await writer.FlushAsync(writer.Append(Some.Event(3)));
        }

        Assert.Equal(3, JournalDirectory.Segments(_folder.Path).Count);
        Assert.Equal(3, _folder.Actions().Count(a => a == "test"));
        _folder.AssertSound();
    }

    [Fact]
    public async Task WithContinueLinesAreKeptInMemoryThenCountedAndTheGapIsRecorded()
    {
        const int Most = 256 * 1024;
        await using (var writer = _folder.Open(_disk, o => o.BufferBytes = Most))
        {
            Assert.Equal(JournalHealthState.Healthy, writer.Health.State);
            _disk.Fault = _ => FaultyDisk.Error;
            var dropped = 0;
            for (var i = 0; i < 1000; i++)
            {
                if (writer.Append(Some.LongEvent(1000)) < 0)
                {
                    dropped++;
                }

                if (i == 0)
                {
                    await Assert.ThrowsAsync<JournalUnavailableException>(async () => await writer.FlushAsync());
                }
            }

            Assert.InRange(dropped, 400, 900);
            Assert.Equal(JournalHealthState.Failed, writer.Health.State);
            Assert.Equal(dropped, writer.Health.Dropped);
            Assert.Contains("injected", writer.Health.Reason, StringComparison.Ordinal);

            _disk.Fault = _ => null;
            Eventually.True(() => writer.Health.State == JournalHealthState.Healthy, "a healthy journal");
            await writer.FlushAsync(writer.Append(Some.Event()));

            var gap = Assert.Single(_folder.Lines(), l => l.GetProperty("event.action").GetString() == ControlAction.Gap);
            Assert.Equal(dropped, gap.GetProperty(JournalFields.Dropped.Name).GetInt64());
            Assert.Equal(1000 - dropped + 1, _folder.Actions().Count(a => a == "test"));
            _folder.Notices.Expect(JournalNoticeKind.Gap);
            _folder.Notices.Expect(JournalNoticeKind.Restored);
        }

        _folder.AssertSound();
    }

    [Fact]
    public async Task WithRefuseEveryCallerIsToldAtOnceAndTheJournalRecoversByItself()
    {
        await using (var writer = _folder.Open(_disk, o => o.FailureMode = JournalFailureMode.Refuse))
        {
            _disk.Fault = _ => FaultyDisk.Error;
            writer.Append(Some.Event(1));
            await Assert.ThrowsAsync<JournalUnavailableException>(async () => await writer.FlushAsync());

            var refused = Assert.Throws<JournalUnavailableException>(() => writer.Append(Some.Event(2)));
            Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);

            _disk.Fault = _ => null;
            Eventually.True(() => writer.Health.State == JournalHealthState.Healthy, "a healthy journal");
            await writer.FlushAsync(writer.Append(Some.Event(3)));
        }

        Assert.Equal([1, 3], _folder.Lines().Where(l => l.TryGetProperty("test.number", out _)).Select(l => l.GetProperty("test.number").GetInt32()));
        Assert.DoesNotContain(ControlAction.Gap, _folder.Actions());
        _folder.AssertSound();
    }

    [Fact]
    public async Task WithRefuseWhatHappenedAllTheSameIsCountedAndRecordedAsAGap()
    {
        await using (var writer = _folder.Open(_disk, o => o.FailureMode = JournalFailureMode.Refuse))
        {
            Assert.True(writer.IsAvailable);
            _disk.Fault = _ => FaultyDisk.Error;
            writer.Append(Some.Event(1));
            await Assert.ThrowsAsync<JournalUnavailableException>(async () => await writer.FlushAsync());
            Assert.False(writer.IsAvailable);
            writer.CountLost();
            writer.CountLost();
            Assert.Equal(2, writer.Health.Dropped);

            // Nobody appends any more, and it comes back all the same.
            _disk.Fault = _ => null;
            Eventually.True(() => writer.IsAvailable, "a journal that is available again");
            writer.CountLost(); // refused a moment before it came back, counted a moment after
            await writer.FlushAsync();
        }

        Assert.Equal([2, 1], _folder.Lines()
            .Where(l => l.GetProperty("event.action").GetString() == ControlAction.Gap)
            .Select(l => l.GetProperty(JournalFields.Dropped.Name).GetInt32()));
        _folder.AssertSound();
    }

    [Fact]
    public async Task AJournalThatWasClosedIsNotAvailableAndCountsNothing()
    {
        var writer = _folder.Open(_disk);
        await writer.DisposeAsync();

        Assert.False(writer.IsAvailable);
        writer.CountLost();
        Assert.Equal(0, writer.Health.Dropped);
    }

    [Theory]
    [InlineData(JournalFailureMode.Continue)]
    [InlineData(JournalFailureMode.Refuse)]
    public async Task ADiskThatNeverAnswersHoldsNobodyLongerThanTheBoundedWait(JournalFailureMode mode)
    {
        using var answer = new ManualResetEventSlim();
        var patience = TimeSpan.FromMilliseconds(300);
        var writer = _folder.Open(_disk, o =>
        {
            o.FailureMode = mode;
            o.WaitTimeout = patience;
            o.BufferBytes = 256 * 1024;
        });
        await SettleAsync(writer);
        _disk.Fault = call =>
        {
            if (call == DiskCall.Sync)
            {
                answer.Wait(TimeSpan.FromSeconds(30));
            }

            return null;
        };

        writer.Append(Some.Event());
        var waited = await Assert.ThrowsAsync<JournalUnavailableException>(async () => await writer.FlushAsync());
        Assert.Contains("has not taken a line for 0.3 s", waited.Message, StringComparison.Ordinal);
        Assert.Equal(JournalHealthState.Failed, writer.Health.State);
        if (mode == JournalFailureMode.Refuse)
        {
            Assert.Throws<JournalUnavailableException>(() => writer.Append(Some.Event()));
        }
        else
        {
            Assert.Contains(Enumerable.Range(0, 1000).Select(_ => writer.Append(Some.LongEvent(1000))), sequence => sequence < 0);
        }

        await writer.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        answer.Set();
        Eventually.True(() => IsFree(_folder.Path), "the log free when the disk has answered after all");
        Eventually.True(() => _folder.Notices.Said.Any(n => n.Message.Contains("did not reach the disk", StringComparison.Ordinal)), "what was lost to be said");
    }

    [Fact]
    public async Task AFullBufferMakesCallersWaitForTheDiskAndDropsNothing()
    {
        await using (var writer = _folder.Open(_disk, o => o.BufferBytes = 256 * 1024))
        {
            _disk.Fault = call =>
            {
                if (call == DiskCall.Sync)
                {
                    Thread.Sleep(5); // a slow disk
                }

                return null;
            };
            for (var i = 0; i < 2000; i++)
            {
                Assert.True(writer.Append(Some.LongEvent(1000)) > 0);
            }
        }

        Assert.Equal(2000, _folder.Actions().Count(a => a == "test"));
        _folder.AssertSound();
    }

    [Fact]
    public async Task OnAFullDiskTheReservePaysForTheLastLines()
    {
        await using (var writer = _folder.Open(_disk, o => o.ReserveBytes = 64 * 1024))
        {
            var reserve = Path.Combine(_folder.Path, LogFiles.Reserve);
            Assert.True(File.Exists(reserve));
            await SettleAsync(writer);

            _disk.Fault = call => call is DiskCall.Write && File.Exists(reserve) ? FaultyDisk.Full : null;
            await writer.FlushAsync(writer.Append(Some.Event()));

            Assert.Equal(JournalHealthState.Healthy, writer.Health.State);
        }

        Assert.Contains("test", _folder.Actions());
        _folder.AssertSound();
    }

    [Fact]
    public async Task TooLittleSpaceIsSaidBeforeItIsUsedUp()
    {
        await using var writer = _folder.Open(o =>
        {
            o.WarnFreeBytes = long.MaxValue;
            o.CriticalFreeBytes = 1;
        });

        Assert.Equal(JournalHealthState.Degraded, writer.Health.State);
        Assert.Contains("bytes free, expected at least", _folder.Notices.Expect(JournalNoticeKind.SpaceLow).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASignerThatFailsIsSaidAndLinesAreRecordedAllTheSame()
    {
        var works = true;
        var signer = new TestSigner();
        await using (var writer = _folder.Open(o =>
        {
            o.CheckpointInterval = TimeSpan.FromMilliseconds(1);
            o.Signer = new DelegateSigner(signer.Key, note => works ? signer.Sign(note) : throw new InvalidOperationException("the key service is away"));
        }))
        {
            works = false;
            await writer.FlushAsync(writer.Append(Some.Event(), critical: true));
            Assert.Contains("the key service is away", _folder.Notices.Expect(JournalNoticeKind.SignerFailed).Message, StringComparison.Ordinal);
            works = true;
            await writer.FlushAsync(writer.Append(Some.Event(), critical: true));
        }

        Assert.Equal(2, _folder.Actions().Count(a => a == "test"));
        _folder.AssertSound();
    }

    private static bool IsFree(string logDirectory)
    {
        using var held = LogLock.TryTake(logDirectory);
        return held is not null;
    }

    private void FailOnce(DiskCall call)
    {
        var failed = 0;
        _disk.Fault = c => c == call && Interlocked.Exchange(ref failed, 1) == 0 ? FaultyDisk.Error : null;
    }

    /// <summary>Until the first checkpoint is written, so that no commit but the test's own meets the fault.</summary>
    private async Task SettleAsync(JournalWriter writer)
    {
        Eventually.True(() => _folder.Checkpoints().Count > 0, "the first checkpoint");
        await writer.FlushAsync();
    }
}
