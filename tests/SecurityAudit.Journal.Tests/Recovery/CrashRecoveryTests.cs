namespace SecurityAudit.Journal.Tests.Recovery;

/// <summary>A log as a crash leaves it, and one as an attacker leaves it.</summary>
public sealed class CrashRecoveryTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ATailTornAtAnyByteIsSetAsideAndNoWholeLineIsLost()
    {
        using var log = new JournalOnDisk(directory: _folder.Path);
        log.AppendMany(2);
        log.AppendCheckpoint();
        var durable = new FileInfo(log.Segment).Length;
        log.AppendMany(2);
        var whole = await File.ReadAllBytesAsync(log.Segment);
        for (var length = durable; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(log.Segment, whole[..(int)length]);
            var lines = whole.AsSpan(0, (int)length).Count((byte)'\n');
            var end = LogRecovery.Inspect(_folder.Path, [log.Signer.Key]).End;
            Assert.Null(end.Damage);
            Assert.Equal(lines, end.Tree.Size);
        }
    }

    public static TheoryData<string, byte[]> Tails => new()
    {
        { "half a line", "{\"journal.id\":\"k3f5x2ab\",\"event.seq"u8.ToArray() },
        { "zeros", new byte[5000] },
        { "zeros with a line end", [.. new byte[700], (byte)'\n', .. new byte[700]] },
        { "noise", [.. Enumerable.Range(0, 3000).Select(i => (byte)((i * 7919) >> 3))] },
        { "something without an end", [.. Enumerable.Repeat((byte)'x', 200_000)] },
        { "other JSON", "{\"a\":1}\n{\"b\":2}\n"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Tails))]
    public async Task AnyTornTailIsKeptInTheQuarantineAndTheLogGoesOn(string name, byte[] tail)
    {
        Assert.NotEmpty(name);
        await using (var writer = _folder.Open())
        {
            await writer.FlushAsync(writer.Append(Some.Event(1)));
        }

        var before = _folder.Lines().Count;
        await AppendAsync(_folder.Segment(0), tail);

        await using (var writer = _folder.Open())
        {
            Assert.Equal(_folder.Path, writer.LogDirectory);
            writer.Append(Some.Event(2));
        }

        var quarantined = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, LogFiles.Quarantine)));
        Assert.Equal(tail, await File.ReadAllBytesAsync(quarantined));
        Assert.Contains("nothing acknowledged was in them", _folder.Notices.Expect(JournalNoticeKind.Recovered).Message, StringComparison.Ordinal);
        Assert.Equal([ControlAction.Opened, ControlAction.Recovered], _folder.Actions().Skip(before).Take(2));
        _folder.AssertSound();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"journal.id\":\"k3f5")]
    public async Task ASegmentThatWasOnlyJustBegunIsBegunAnew(string content)
    {
        await using (var writer = _folder.Open())
        {
            writer.Append(Some.Event(1));
        }

        await File.WriteAllTextAsync(_folder.Segment(_folder.Lines().Count), content);

        await using (var writer = _folder.Open())
        {
            writer.Append(Some.Event(2));
        }

        Assert.Equal(2, _folder.Actions().Count(a => a == "test"));
        _folder.AssertSound();
    }

    [Fact]
    public async Task AFirstStartThatNeverFinishedIsForgottenButKept()
    {
        Directory.CreateDirectory(_folder.Path);
        await File.WriteAllTextAsync(_folder.Segment(0), "garbage");

        await using (var writer = _folder.Open())
        {
            writer.Append(Some.Event());
        }

        Assert.Equal("garbage", await File.ReadAllTextAsync(Path.Combine(_folder.Path, LogFiles.Quarantine, JournalSegment.NameOf(0))));
        _folder.AssertSound();
    }

    [Fact]
    public async Task AnAlteredLineThatASignatureCoversIsDamageAndANewLogIsBegun()
    {
        string damaged;
        await using (var writer = _folder.Open())
        {
            damaged = writer.Id;
            for (var i = 0; i < 5; i++)
            {
                await writer.FlushAsync(writer.Append(Some.Event(i)));
            }
        }

        var text = await File.ReadAllTextAsync(_folder.Segment(0));
        await File.WriteAllTextAsync(_folder.Segment(0), text.Replace("\"test.number\":3", "\"test.number\":4", StringComparison.Ordinal));
        var evidence = await File.ReadAllBytesAsync(_folder.Segment(0));

        await using (var writer = _folder.Open())
        {
            Assert.NotEqual(damaged, writer.Id);
            Assert.Equal(JournalDirectory.LogDirectory(_folder.Path, 1), writer.LogDirectory);
            Assert.Equal(JournalHealthState.Degraded, writer.Health.State);
        }

        Assert.Equal(evidence, await File.ReadAllBytesAsync(_folder.Segment(0)));
        Assert.Contains("a signed checkpoint covers", await File.ReadAllTextAsync(Path.Combine(_folder.Path, LogFiles.Damaged)), StringComparison.Ordinal);
        Assert.Contains("is damaged", _folder.Notices.Expect(JournalNoticeKind.Damaged).Message, StringComparison.Ordinal);

        await using var third = _folder.Open();
        Assert.Equal(JournalDirectory.LogDirectory(_folder.Path, 1), third.LogDirectory);
    }

    [Fact]
    public void LinesRewrittenWithFittingHashesAreBetrayedByTheCheckpointBehindThem()
    {
        using var log = new JournalOnDisk(directory: _folder.Path);
        log.AppendMany(2);
        var before = log.State();
        log.Append("""{"event.action":"original"}""");
        var genuine = log.Signed;
        log.ContinueFrom(before);
        var text = File.ReadAllText(log.Segment);
        File.WriteAllText(log.Segment, string.Concat(text.Split('\n').SkipLast(2).Select(l => l + "\n")));
        log.Append("""{"event.action":"forged"}""");
        log.AppendCheckpoint(genuine);

        Assert.Contains("are not those", LogRecovery.Inspect(_folder.Path, []).End.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public void AForgedCheckpointInATornTailIsNoReasonForAnAlarm()
    {
        using var log = new JournalOnDisk(directory: _folder.Path);
        log.AppendMany(2);
        File.AppendAllText(log.Segment, "torn\n");
        log.AppendMany(1);
        log.AppendCheckpoint(Checkpoint.Sign(log.Origin, log.Size, log.Root, new TestSigner()));

        var end = LogRecovery.Inspect(_folder.Path, [log.Signer.Key]).End;

        Assert.Null(end.Damage);
        Assert.Equal(3, end.Tree.Size);
    }

    [Fact]
    public void AMissingSegmentBetweenOthersIsDamage()
    {
        using var log = new JournalOnDisk(directory: _folder.Path);
        log.AppendMany(2);
        log.Roll();
        log.AppendMany(2);
        var next = _folder.Segment(log.Size + 4);
        File.WriteAllText(next, "torn");

        Assert.Contains("the lines before it end at 6", LogRecovery.Inspect(_folder.Path, []).End.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInterruptedRecoveryIsDoneAgain()
    {
        await using (var writer = _folder.Open())
        {
            await writer.FlushAsync(writer.Append(Some.Event(1)));
        }

        await AppendAsync(_folder.Segment(0), "torn"u8.ToArray());
        var first = LogRecovery.Inspect(_folder.Path, []);
        var again = LogRecovery.Inspect(_folder.Path, []);

        Assert.Equal(4, first.Mend());
        Assert.Equal(4, again.Mend());
        Assert.Equal(0, LogRecovery.Inspect(_folder.Path, []).Mend());
        _folder.AssertSound();
    }

    private static async Task AppendAsync(string path, byte[] bytes)
    {
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await file.WriteAsync(bytes);
    }
}
