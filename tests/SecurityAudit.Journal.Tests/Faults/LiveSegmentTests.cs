namespace SecurityAudit.Journal.Tests.Faults;

/// <summary>What somebody may do to the segment while the writer has it open.</summary>
public sealed class LiveSegmentTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Deeds => ["remove", "replace", "truncate", "append", "rename"];

    [Theory]
    [MemberData(nameof(Deeds))]
    public async Task InterferenceIsNoticedAtTheNextCommitAndTheLinesGoOnInANewSegment(string deed)
    {
        await using var writer = _folder.Open();
        await writer.FlushAsync(writer.Append(Some.Event(1)));
        Eventually.True(() => _folder.Checkpoints().Count > 0, "the first checkpoint");
        await writer.FlushAsync();

        Do(deed, _folder.Segment(0));
        var sequence = writer.Append(Some.Event(2));
        await writer.FlushAsync(sequence);

        Assert.Contains("something else than this writer", _folder.Notices.Expect(JournalNoticeKind.Damaged).Message, StringComparison.Ordinal);
        var segments = JournalDirectory.Segments(_folder.Path);
        Assert.Contains(segments, s => s.First > 0 && File.ReadAllText(s.Path).Contains("\"test.number\":2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AModeThatIsTakenAwayDoesNotStopTheWriterThatHasTheSegmentOpen()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        await using (var writer = _folder.Open())
        {
            await writer.FlushAsync(writer.Append(Some.Event(1)));
            new FileInfo(_folder.Segment(0)).UnixFileMode = UnixFileMode.None;
            await writer.FlushAsync(writer.Append(Some.Event(2)));
            new FileInfo(_folder.Segment(0)).UnixFileMode = Disk.PrivateFile;
        }

        Assert.Equal(2, _folder.Actions().Count(a => a == "test"));
        _folder.AssertSound();
    }

    private static void Do(string deed, string segment)
    {
        switch (deed)
        {
            case "remove":
                File.Delete(segment);
                break;
            case "replace":
                File.Copy(segment, segment + ".copy");
                File.Move(segment + ".copy", segment, overwrite: true);
                break;
            case "truncate":
                using (var file = new FileStream(segment, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                    file.SetLength(100);
                break;
            case "append":
                File.AppendAllText(segment, "{}\n");
                break;
            case "rename":
                File.Move(segment, segment + ".old");
                break;
        }
    }
}
