namespace SecurityAudit.Journal.Tests.Files;

/// <summary>What somebody may put where the journal writes who can write the directory: links, and the directory itself.</summary>
public sealed class HostilePathTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private readonly string _victim = Path.GetTempFileName();

    public HostilePathTests() => File.WriteAllText(_victim, "precious");

    [Fact]
    public async Task AnAnchorDoesNotFollowALinkAtItsDraft()
    {
        Directory.CreateDirectory(_folder.AnchorPath);
        var checkpoint = Checkpoint.Sign(Some.Origin, 42, Some.Hash(1), Some.Signer());
        File.CreateSymbolicLink(Path.Combine(_folder.AnchorPath, "k3f5x2ab.checkpoint.next"), _victim);
        File.CreateSymbolicLink(Path.Combine(_folder.AnchorPath, "k3f5x2ab.checkpoint"), _victim);
        var anchor = new FileAnchor(_folder.AnchorPath);

        await anchor.PublishAsync(checkpoint, TestContext.Current.CancellationToken);

        Assert.Equal("precious", await File.ReadAllTextAsync(_victim));
        Assert.Equal(checkpoint, await anchor.LatestAsync(Some.Origin, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void TheMarkOfDamageDoesNotFollowALink()
    {
        Directory.CreateDirectory(_folder.Path);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, LogFiles.Damaged), _victim);
        DamageMark.Put(_folder.Path, "rolled back");
        Assert.Equal("precious", File.ReadAllText(_victim));
        Assert.True(DamageMark.IsOn(_folder.Path));
    }

    [Fact]
    public async Task TheQuarantineDoesNotFollowALink()
    {
        await using (var writer = _folder.Open())
        {
            await writer.FlushAsync(writer.Append(Some.Event()));
        }

        var kept = new FileInfo(_folder.Segment(0)).Length;
        await File.AppendAllTextAsync(_folder.Segment(0), "torn");
        var quarantine = Directory.CreateDirectory(Path.Combine(_folder.Path, LogFiles.Quarantine)).FullName;
        File.CreateSymbolicLink(Path.Combine(quarantine, $"{JournalSegment.NameOf(0)}.from-{kept}"), _victim);

        await using (_folder.Open())
        {
        }

        Assert.Equal("precious", await File.ReadAllTextAsync(_victim));
    }

    [Fact]
    public void ALockThatIsALinkIsRefusedInWords()
    {
        Directory.CreateDirectory(_folder.Path);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, LogFiles.Lock), _victim);
        var refusal = Assert.Throws<JournalException>(() => _folder.Open());
        Assert.Contains("is a symbolic link to", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("audit", 0b111_111_111)]
    [InlineData("audit", 0b111_111_000)]
    [InlineData("anchor", 0b111_111_111)]
    public async Task ADirectoryThatOthersMayWriteIsSaid(string name, int mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        var directory = name == "audit" ? _folder.Path : _folder.AnchorPath;
        Directory.CreateDirectory(directory);
        File.SetUnixFileMode(directory, (UnixFileMode)mode);

        await using var writer = _folder.Open(o => o.Anchors.Add(new FileAnchor(_folder.AnchorPath)));

        var notice = _folder.Notices.Expect(JournalNoticeKind.Exposed);
        Assert.Contains($"'{directory}' has mode 0{Convert.ToString(mode, 8)}", notice.Message, StringComparison.Ordinal);
        Assert.Contains("chmod go-w", notice.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Dispose();
        File.Delete(_victim);
    }
}
