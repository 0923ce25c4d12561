namespace SecurityAudit.Journal.Tests.Faults;

/// <summary>A small file system in memory, mounted for one test and unmounted whatever happens.</summary>
internal sealed class MountedVolume : IDisposable
{
    private readonly DirectoryInfo _point = Directory.CreateTempSubdirectory("journal-volume-");

    private MountedVolume()
    {
    }

    public string Path => _point.FullName;

    public static async Task<MountedVolume> TmpfsAsync(string size)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may mount a file system.");
        var volume = new MountedVolume();
        if (await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", volume.Path) != 0)
        {
            volume._point.Delete();
            Assert.Skip("This system does not let root mount a file system.");
        }

        return volume;
    }

    public async Task RemountAsync(string option)
    {
        // "ro" is refused while a file is open for writing, as on a real disk; a bind mount of the same directory takes it.
        if (await RunAsync("mount", "-o", $"remount,{option}", Path) != 0)
        {
            Assert.Skip("This system does not let root remount a file system with files open.");
        }
    }

    public void Dispose()
    {
        RunAsync("umount", "-l", Path).GetAwaiter().GetResult();
        _point.Delete();
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = DriverProcess.StartProgram(program, arguments);
        return await process.ExitCodeAsync();
    }
}
