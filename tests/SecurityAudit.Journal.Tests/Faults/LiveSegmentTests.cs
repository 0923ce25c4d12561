namespace SecurityAudit.Journal.Tests.Faults;

/// <summary>What somebody may do to the segment while the writer has it open.</summary>
public sealed class LiveSegmentTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Interferences => ["remove", "replace", "truncate", "append", "rename"];

    [Theory]
    [MemberData(nameof(Interferences))]
    public async Task InterferenceIsNoticedAtTheNextCommitAndTheLinesGoOnInANewSegment(string interference)
    {
        await using var writer = _folder.Open();
        await writer.FlushAsync(writer.Append(Some.Event(1)));
        Eventually.True(() => _folder.Checkpoints().Count > 0, "the first checkpoint");
        await writer.FlushAsync();

        Do(interference, _folder.Segment(0));
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

    [Fact]
    public async Task ADirectoryThatIsRemovedComesBackWithItsLockAndItsKeyAndTheLossIsTold()
    {
        VerifierKey key;
        await using (var writer = _folder.Open())
        {
            await writer.FlushAsync(writer.Append(Some.Event(1)));
            using (var signer = PemFileSigner.Open(Path.Combine(_folder.Path, LogFiles.Keys, LogFiles.Key)))
            {
                key = signer.Key;
            }

            Directory.Delete(_folder.Path, recursive: true);
            await writer.FlushAsync(writer.Append(Some.Event(2)));

            Assert.Contains("something else than this writer", _folder.Notices.Expect(JournalNoticeKind.Damaged).Message, StringComparison.Ordinal);
            await using var second = _folder.Open();
            Assert.NotEqual(writer.LogDirectory, second.LogDirectory);
        }

        Assert.Contains(_folder.Lines(), line => line.TryGetProperty("test.number", out var number) && number.GetInt32() == 2);
        var report = JournalVerifier.Verify(_folder.Path, new VerifyOptions { Keys = [key] });
        Assert.Contains(report.Findings, finding => finding.Kind == FindingKind.MissingLines && finding.Sequence == 0);
        Assert.DoesNotContain(report.Findings, finding => finding.Kind == FindingKind.UntrustedSignature);
    }

    [Fact]
    public async Task ALogThatAnotherProcessBeganInTheRemovedDirectoryIsNotWrittenToo()
    {
        await using var writer = _folder.Open(o => o.WaitTimeout = TimeSpan.FromSeconds(1));
        await writer.FlushAsync(writer.Append(Some.Event(1)));
        Directory.Delete(_folder.Path, recursive: true);
        Directory.CreateDirectory(_folder.Path);
        using var other = LogLock.TryTake(_folder.Path);
        Assert.NotNull(other);

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await writer.FlushAsync(writer.Append(Some.Event(2))));
        Assert.Equal(JournalHealthState.Failed, writer.Health.State);
        Assert.Contains("is held by another process", writer.Health.Reason, StringComparison.Ordinal);
        Assert.Empty(JournalDirectory.Segments(_folder.Path));
    }

    private static void Do(string interference, string segment)
    {
        switch (interference)
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
                {
                    file.SetLength(100);
                }

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
