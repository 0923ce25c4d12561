namespace SecurityAudit.Journal.Tests.Opening;

/// <summary>Each way in which a journal cannot be opened says what was found, what was expected and what to do.</summary>
public sealed class OpeningMessageTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    private string KeyPath => Path.Combine(_folder.Path, LogFiles.Keys, LogFiles.Key);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFileInPlaceOfTheDirectory()
    {
        File.WriteAllText(_folder.Path, "");

        AssertMessage("is a file, expected a directory for the journal. Choose another path");
    }

    [Fact]
    public void ADirectoryOfSomethingElse()
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, "app-20261124.jsonl"), "{}");

        AssertMessage("holds 'app-20261124.jsonl', which is not a segment of a journal; expected an empty directory or a journal. Give the journal a directory of its own.");
    }

    [Fact]
    public void ADirectoryThatCannotBeWritten()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "There is no directory here that even root cannot write.");

        var error = Assert.Throws<JournalException>(() => JournalWriter.Open("/proc/self/audit"));

        Assert.Contains("The journal '/proc/self/audit' cannot be opened: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Expected a directory that user", error.Message, StringComparison.Ordinal);
        Assert.Contains("Correct its owner and mode, or choose another directory.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AKeyThatOthersMayRead()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        MakeKey();
        File.SetUnixFileMode(KeyPath, Disk.PrivateFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        AssertMessage("has mode 0644: others may read or write it, expected 0600. Make a new key if anybody else uses this machine, otherwise: chmod 600");
    }

    [Fact]
    public void AKeyThatItsGroupMayUseIsItsOwnersAgainAndThatIsSaid()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        MakeKey();
        File.SetUnixFileMode(KeyPath, Disk.PrivateFile | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        var notices = new Notices();

        using (JournalWriter.Open(_folder.Path, new JournalOptions { OnNotice = notices.Add }))
        {
            Assert.Equal(Disk.PrivateFile, File.GetUnixFileMode(KeyPath));
        }

        Assert.Equal(
            $"The key file '{KeyPath}' had mode 0660, expected 0600, which it has again. Whoever is in its group could read the key until now: "
            + "make a new key if anybody else is in it. Kubernetes' fsGroup does this at each mount; fsGroupChangePolicy: "
            + "OnRootMismatch keeps it from doing so again.",
            notices.Expect(JournalNoticeKind.KeyModeRestored).Message);
    }

    [Fact]
    public async Task AKeyOfSomebodyElse()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can give a file to somebody else.");
        MakeKey();
        using (var chown = DriverProcess.StartProgram("chown", "4711", KeyPath))
        {
            Assert.Equal(0, await chown.ExitCodeAsync());
        }

        AssertMessage("belongs to user 4711, expected user 0, who runs this process");
    }

    [Theory]
    [InlineData("no key at all", "holds no private key, expected an ECDSA P-256 private key in PEM.")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "holds no private key, expected")]
    [InlineData("P-384", "holds a key of another curve, expected an ECDSA P-256 private key")]
    public void AKeyFileWithSomethingElseInIt(string content, string expected)
    {
        MakeKey();
        if (content == "P-384")
        {
            using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384);
            content = key.ExportPkcs8PrivateKeyPem();
        }

        File.WriteAllText(KeyPath, content);

        AssertMessage(expected);
    }

    /// <summary>No network file system can be mounted where the tests run: this is what is said when the system names one.</summary>
    [Fact]
    public void ANetworkFileSystem()
    {
        var error = Assert.Throws<JournalException>(() => JournalPlace.RefuseNetwork("/mnt/audit", DriveType.Network, "nfs4"));
        Assert.Equal(
            "'/mnt/audit' lies on a network file system (nfs4), expected a local one: its locks and its fsync cannot be relied on. "
            + "Choose a local directory, or set AllowNetworkFileSystem if you trust it.",
            error.Message);
        JournalPlace.RefuseNetwork("/var/audit", DriveType.Fixed, "ext4");
    }

    [Fact]
    public void AllFaultsOfTheOptionsInOneMessage()
    {
        var error = Assert.Throws<JournalException>(() => _folder.Open(o =>
        {
            o.MaxSegmentBytes = 1;
            o.BufferBytes = 2;
            o.WaitTimeout = TimeSpan.Zero;
            o.Origin = "with space";
            o.Retention = TimeSpan.FromDays(30);
        }));

        Assert.Contains("MaxSegmentBytes is 1, expected 4096 to", error.Message, StringComparison.Ordinal);
        Assert.Contains("BufferBytes is 2, expected", error.Message, StringComparison.Ordinal);
        Assert.Contains("WaitTimeout is 00:00:00, expected 00:00:00.0010000 to 00:10:00.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Origin is 'with space', expected", error.Message, StringComparison.Ordinal);
        Assert.Contains("Retention is set, expected at least one anchor", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Path));
    }

    [Fact]
    public void AFullDiskAtTheStart()
    {
        var disk = new Faults.FaultyDisk(call => call == Faults.DiskCall.Create ? Faults.FaultyDisk.Full : null);

        var error = Assert.Throws<JournalException>(() => _folder.Open(disk));

        Assert.Contains("is full: No space left on device Expected room for at least one segment. Make room, or move the journal.", error.Message, StringComparison.Ordinal);
        using var works = _folder.Open();
        Assert.Equal(_folder.Path, works.LogDirectory);
    }

    private void MakeKey()
    {
        using var key = PemFileSigner.Create(KeyPath);
    }

    private void AssertMessage(string expected)
    {
        var error = Assert.Throws<JournalException>(() => _folder.Open());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
