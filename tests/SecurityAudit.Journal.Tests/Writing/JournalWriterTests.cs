using System.Text;

namespace SecurityAudit.Journal.Tests.Writing;

public sealed class JournalWriterTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnAcknowledgedLineIsInTheFileWithItsPlaceAndItsPayload()
    {
        await using var writer = _folder.Open();

        var sequence = writer.Append("""{"event.action":"login","user.name":"zażółć"}"""u8);
        await writer.FlushAsync(sequence);

        var line = _folder.Lines()[(int)sequence];
        Assert.Equal(writer.Id, line.GetProperty("journal.id").GetString());
        Assert.Equal(sequence, line.GetProperty("event.sequence").GetInt64());
        Assert.Equal("zażółć", line.GetProperty("user.name").GetString());
        Assert.True(writer.DurableSize > sequence);
    }

    [Fact]
    public async Task EveryLineOfManyCallersIsThereOnceAndInOrder()
    {
        await using (var writer = _folder.Open(o => o.MaxSegmentBytes = 32 * 1024))
        {
            await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    await writer.FlushAsync(writer.Append(Some.Event((caller * 100) + i)));
                }
            })));
        }

        var lines = _folder.Lines();
        Assert.Equal(Enumerable.Range(0, lines.Count), lines.Select(l => l.GetProperty("event.sequence").GetInt32()));
        var numbers = lines.Where(l => l.TryGetProperty("test.number", out _)).Select(l => l.GetProperty("test.number").GetInt32());
        Assert.Equal(Enumerable.Range(0, 1600), numbers.Order());
        _folder.AssertSound();
    }

    [Fact]
    public async Task ASegmentBeginsWithItsHeaderAndFollowsWhenTheOneBeforeIsFull()
    {
        await using (var writer = _folder.Open(o => o.MaxSegmentBytes = 4096))
        {
            for (var i = 0; i < 20; i++)
            {
                await writer.FlushAsync(writer.Append(Some.LongEvent(1000)));
            }
        }

        var segments = JournalDirectory.Segments(_folder.Path);
        Assert.True(segments.Count >= 4);
        Assert.All(segments, s => Assert.Equal(s.First, SegmentOpening.Read(s)?.Head?.First));
        _folder.AssertSound();
    }

    [Fact]
    public void ClosingEndsTheLogWithASignatureOverJournalClosed()
    {
        using (var writer = _folder.Open())
        {
            writer.Append(Some.Event());
        }

        Assert.Equal([ControlAction.Closed, ControlAction.Checkpoint], _folder.Actions().TakeLast(2));
        var (sequence, checkpoint) = _folder.Checkpoints()[^1];
        Assert.Equal(sequence, checkpoint.Size);
        _folder.AssertSound();
    }

    [Fact]
    public async Task ACriticalLineIsSignedAtOnce()
    {
        await using var writer = _folder.Open(o => o.CheckpointInterval = TimeSpan.FromHours(1));

        var sequence = writer.Append(Some.Event(), critical: true);
        await writer.WaitForDurableAsync(sequence + 1);

        Assert.Contains(_folder.Checkpoints(), c => c.Checkpoint.Size > sequence);
    }

    [Fact]
    public async Task ASignatureNeverCoversALineThatWasNotDurableBefore()
    {
        await using (var writer = _folder.Open(o => o.CheckpointInterval = TimeSpan.FromMilliseconds(1)))
        {
            for (var i = 0; i < 300; i++)
            {
                await writer.FlushAsync(writer.Append(Some.Event(i), critical: i % 7 == 0));
            }
        }

        Assert.All(_folder.Checkpoints(), c => Assert.True(c.Checkpoint.Size <= c.Sequence));
        _folder.AssertSound();
    }

    [Fact]
    public async Task TheWriterSaysWhenTheJournalHasGrown()
    {
        await using var writer = _folder.Open();

        var waiting = writer.WaitForDurableAsync(writer.Size);
        var sequence = writer.Append(Some.Event());
        await writer.FlushAsync();

        Assert.True(await waiting > sequence - 1);
    }

    [Fact]
    public async Task WhoWaitsForGrowthLearnsThatThereWillBeNoMore()
    {
        var writer = _folder.Open();
        var waiting = writer.WaitForDurableAsync(1_000_000);

        await writer.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await waiting);
        Assert.Throws<ObjectDisposedException>(() => writer.Append(Some.Event()));
    }

    [Fact]
    public async Task AnAppendAllocatesNothing()
    {
        using var writer = _folder.Open(o =>
        {
            o.FlushInterval = TimeSpan.FromMinutes(10);
            o.CheckpointInterval = TimeSpan.FromMinutes(10);
        });
        var payload = Some.LongEvent(500);
        for (var round = 0; round < 4; round++)
        {
            for (var i = 0; i < 3000; i++)
            {
                writer.Append(payload); // lets both buffers grow and the code be compiled
            }

            await writer.FlushAsync();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
        {
            writer.Append(payload);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":\n1}")]
    [InlineData("{\"event.action\":\"journal.closed\"}")]
    public void APayloadThatIsNoObjectOnOneLineOrPretendsToBeTheJournalsIsRefused(string payload)
    {
        using var writer = _folder.Open();

        Assert.Throws<ArgumentException>(() => writer.Append(Encoding.UTF8.GetBytes(payload)));

        Assert.True(writer.Append(Some.Event()) > 0);
    }

    [Fact]
    public void ALineThatIsTooLongIsRefusedAndTheNextOneIsTaken()
    {
        using (var writer = _folder.Open())
        {
            Assert.Throws<ArgumentException>(() => writer.Append(Some.LongEvent(70_000)));
            writer.Append(Some.LongEvent(65_000));
            writer.Append("{}"u8);
        }

        _folder.AssertSound();
    }

    [Fact]
    public void TheFilesBelongToTheirOwnerAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has access control lists, which the directory inherits.");
        using (_folder.Open(o => o.ReserveBytes = 4096))
        {
        }

        Assert.All(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories), path => Assert.Equal(Disk.PrivateFile, new FileInfo(path).UnixFileMode));
        Assert.All(
            Directory.EnumerateDirectories(_folder.Path, "*", SearchOption.AllDirectories).Append(_folder.Path),
            path => Assert.Equal(Disk.PrivateDirectory, new DirectoryInfo(path).UnixFileMode));
    }

    [Fact]
    public async Task EachStartBeginsASegmentInTheSameLog()
    {
        string id;
        await using (var first = _folder.Open())
        {
            id = first.Id;
        }

        await using var second = _folder.Open();

        Assert.Equal(id, second.Id);
        Assert.Equal(2, JournalDirectory.Segments(_folder.Path).Count);
        Assert.Equal(_folder.Path, second.LogDirectory);
    }
}
