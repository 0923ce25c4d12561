using System.Net;
using System.Runtime.Versioning;
using SecurityAudit.Journal;
using SecurityAudit.Journal.Tests;
using SecurityAudit.Journal.Tests.Faults;
using SecurityAudit.Tests.Processes;

namespace SecurityAudit.Tests.Hosting;

/// <summary>Where a journal stands when its user may not write where he would: what containers do.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PlaceTests : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0b111_111_111;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sa-place-");

    public PlaceTests()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.GroupRead | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("STATE_DIRECTORY", "state/audit", null)]
    [InlineData("XDG_STATE_HOME", "state/security-audit/SecurityAudit.Driver-*", "In a container that goes with the container.")]
    [InlineData("HOME", "state/.local/share/security-audit/SecurityAudit.Driver-*", "In a container that goes with the container.")]
    [InlineData("TMPDIR", "state/security-audit-4242-SecurityAudit.Driver-*", "in the temporary folder: IT DOES NOT LAST")]
    public async Task WhereTheContentRootCannotBeWrittenTheJournalStandsInTheNextBestPlaceAndTheLogSaysSo(string variable, string expected, string? warning)
    {
        var state = Writable("state");
        using (var app = await DriverApp.Start(_folder.FullName, before: DriverApp.AsNobody($"{variable}={state}")).ServesAsync())
        {
            Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/done")).StatusCode);
            Assert.Equal(0, await app.StopAsync());
            Assert.Equal(warning is not null, app.Said.Contains($"The journal does not stand in '{_folder.FullName}/audit', where user 4242 could not write", StringComparison.Ordinal));
            Assert.Contains(warning ?? "Security events are recorded in", app.Said, StringComparison.Ordinal);
        }

        var parent = Path.Combine(_folder.FullName, Path.GetDirectoryName(expected)!);
        var place = Assert.Single(Directory.GetDirectories(parent, Path.GetFileName(expected)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(place));
        // The first request may come before the host is done with starting. A user without a home has no Data Protection key to begin with.
        Assert.Equal(["audit_coverage", "crypt_key_created", "driver.done", "sys_shutdown", "sys_startup"], JournalEvents.Read(place).Select(e => e.Text("event.action")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AJournalThatIsThereGoesBeforeABetterPlace()
    {
        var state = Writable("state");
        string[] before = DriverApp.AsNobody($"STATE_DIRECTORY={state}");
        await Run(before);
        File.SetUnixFileMode(_folder.FullName, Everybody);

        await Run(before);

        Assert.False(Directory.Exists(Path.Combine(_folder.FullName, "audit")));
        Assert.Equal(2, JournalEvents.Read(Path.Combine(state, "audit")).Count(e => e.Text("event.action") == "sys_startup"));
    }

    [Fact]
    public async Task AJournalThatIsThereAndCannotBeWrittenIsNotReplacedByASecondOne()
    {
        await Run([]); // as root
        var state = Writable("state");

        using var app = await DriverApp.Start(_folder.FullName, before: DriverApp.AsNobody($"STATE_DIRECTORY={state}")).ServesAsync();

        Assert.Equal("Degraded", await app.Client.GetStringAsync("/health"));
        Assert.Equal("Degraded", await app.Client.GetStringAsync("/health/audit"));
        Assert.Equal("Healthy", await app.Client.GetStringAsync("/health/live"));
        Assert.Contains("There is no journal, so NO SECURITY EVENT IS RECORDED", app.Said, StringComparison.Ordinal);
        Assert.Contains("that user 4242 may read and write", app.Said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(state));
        Assert.Equal(0, await app.StopAsync());
        Assert.Contains("The application stops without ever having had a journal: 4 security events", app.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADirectoryOfSomebodyElsesInTheTemporaryFolderIsNotTaken()
    {
        var temporary = Writable("tmp");
        string[] before = DriverApp.AsNobody($"TMPDIR={temporary}", "STATE_DIRECTORY=/proc/nowhere");
        await Run(before);
        var own = Assert.Single(Directory.GetDirectories(temporary));
        Directory.Delete(own, recursive: true);
        Directory.CreateDirectory(own); // root's
        File.SetUnixFileMode(own, Everybody);

        using var app = await DriverApp.Start(_folder.FullName, before: before).ServesAsync();

        Assert.Equal(0, await app.StopAsync());
        Assert.Empty(Directory.GetFileSystemEntries(own));
        Assert.Contains("There is no journal", app.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Continue", 0)]
    [InlineData("Refuse", 134)]
    public async Task OnAReadOnlyVolumeTheApplicationStartsUnlessTheOwnerChoseRefuse(string mode, int code)
    {
        using var volume = await MountedVolume.TmpfsAsync("1m");
        await volume.RemountAsync("ro");
        using var app = DriverApp.Start(_folder.FullName, [$"SecurityAudit:Journal:FailureMode={mode}", $"SecurityAudit:Journal:Directory={volume.Path}/audit"]);

        if (code == 0)
        {
            await app.ServesAsync();
            Assert.Equal("hello", await app.Client.GetStringAsync("/"));
            await app.StopAsync();
        }

        Assert.Equal(code, await app.EndAsync());
        Assert.Contains("Read-only file system", code == 0 ? app.Said : await app.ErrorsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3m")]
    [InlineData("64k")]
    public async Task WithLittleRoomTheApplicationStartsAndRecordsWhatFindsRoom(string size)
    {
        using var volume = await MountedVolume.TmpfsAsync(size);
        using var app = await DriverApp.Start(_folder.FullName, [$"SecurityAudit:Journal:Directory={volume.Path}/audit"]).ServesAsync();

        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/done")).StatusCode);
        Assert.Equal("Degraded", await app.Client.GetStringAsync("/health"));
        Assert.Equal(0, await app.StopAsync());

        Assert.Contains(JournalEvents.Read(Path.Combine(volume.Path, "audit")), e => e.Text("event.action") == "driver.done");
    }

    [Fact]
    public async Task ASecondStartWithFilesThatFsGroupGaveToAGroupRecords()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes");
        await Run([]);
        var audit = Path.Combine(_folder.FullName, "audit");
        foreach (var path in Directory.GetFiles(audit, "*", SearchOption.AllDirectories))
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        }

        foreach (var path in Directory.GetDirectories(audit, "*", SearchOption.AllDirectories).Append(audit))
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.SetGroup);
        }

        var said = await Run([]);

        Assert.Equal(2, JournalEvents.Read(audit).Count(e => e.Text("event.action") == "sys_startup"));
        Assert.All(Directory.GetFiles(Path.Combine(audit, "keys")), key => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key)));
        Assert.Contains("fsGroupChangePolicy: OnRootMismatch keeps it from doing so again", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyThatRootGivesToAGroupOfTheUsersSigns()
    {
        var nobody = DriverApp.AsNobody();
        var audit = Writable("audit");
        var keys = Directory.CreateDirectory(Path.Combine(audit, "keys"));
        var path = Path.Combine(keys.FullName, "journal.pem");
        PemFileSigner.Create(path).Dispose();
        File.SetUnixFileMode(keys.FullName, Everybody);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        using (var group = DriverProcess.StartProgram("chgrp", "4242", path))
        {
            Assert.Equal(0, await group.ExitCodeAsync());
        }

        await Run(nobody);

        Assert.Contains(JournalEvents.Read(audit), e => e.Text("event.action") == "sys_shutdown");
    }

    private async Task<string> Run(string[] before)
    {
        using var app = await DriverApp.Start(_folder.FullName, before: before).ServesAsync();
        Assert.Equal(0, await app.StopAsync());
        return app.Said;
    }

    private string Writable(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes");
        var path = Directory.CreateDirectory(Path.Combine(_folder.FullName, name)).FullName;
        File.SetUnixFileMode(path, Everybody);
        return path;
    }
}
