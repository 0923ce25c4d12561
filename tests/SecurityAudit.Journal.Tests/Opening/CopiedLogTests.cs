namespace SecurityAudit.Journal.Tests.Opening;

/// <summary>Two machines from one image, a restored volume: the log that opens elsewhere than where it was written says so.</summary>
public sealed class CopiedLogTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private readonly JournalFolder _elsewhere = new();

    [Fact]
    public async Task AJournalThatWasCopiedSaysSoInTheLogAndAsALine()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a directory's inode here.");
        await using (var writer = _folder.Open())
        {
            writer.Append(Some.Event());
        }

        Copy(_folder.Path, _elsewhere.Path);

        await using (_elsewhere.Open())
        {
            Assert.Contains("it was copied, restored or moved", _elsewhere.Notices.Expect(JournalNoticeKind.Copied).Message, StringComparison.Ordinal);
        }

        Assert.Single(_elsewhere.Actions(), ControlAction.Copied);
        _elsewhere.AssertSound();

        await using (_elsewhere.Open())
        {
        }

        Assert.Single(_elsewhere.Actions(), ControlAction.Copied); // it is told once; the log stands here now
    }

    [Fact]
    public async Task AJournalThatStaysWhereItIsSaysNothing()
    {
        for (var life = 0; life < 2; life++)
        {
            await using var writer = _folder.Open();
            writer.Append(Some.Event());
        }

        Assert.DoesNotContain(ControlAction.Copied, _folder.Actions());
    }

    [Theory]
    [InlineData("pod-b", "8:1", "4711", false)]
    [InlineData("pod-a", "259:3", "4711", false)]
    [InlineData("pod-b", "259:3", "4711", false)]
    [InlineData("pod-a", "8:1", "4712", true)]
    [InlineData("pod-b", "259:3", "9", true)]
    [InlineData("pod-b", null, null, false)]
    public void AnotherHostNameOnTheSameVolumeIsNoCopyButAnotherInodeIs(string host, string? device, string? inode, bool isCopy) =>
        Assert.Equal(isCopy, new LogAddress(host, device, inode).IsCopyOf(new LogAddress("pod-a", "8:1", "4711")));

    public void Dispose()
    {
        _folder.Dispose();
        _elsewhere.Dispose();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
