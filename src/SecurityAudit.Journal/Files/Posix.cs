using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SecurityAudit.Journal;

/// <summary>
/// The few calls of libc that the framework lacks or hides: .NET 10 drops every error of fsync on Unix and cannot sync a directory.
/// Each failure is an <see cref="IOException"/> whose HResult is errno.
/// </summary>
internal static partial class Posix
{
    private const int Interrupted = 4;
    private const int ReadOnly = 0;
    private const int CurrentDirectory = -100;
    private const uint OwnerMask = 0x8;
    private const int OwnerOffset = 20;
    private const uint InodeMask = 0x100;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;

    public static int EffectiveUser => (int)geteuid();

    /// <summary>Returns when the file's bytes and its length are on the device.</summary>
    public static void Sync(SafeFileHandle file, string path)
    {
        while (fsync(file) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw LastError("fsync", path);
            }
        }
    }

    /// <summary>Returns when the names in the directory are on the device.</summary>
    public static void SyncDirectory(string path)
    {
        int descriptor;
        while ((descriptor = open(path, ReadOnly)) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw LastError("open", path);
            }
        }

        using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        Sync(directory, path);
    }

    /// <summary>The user id that owns a file; null where the system cannot say (not Linux).</summary>
    public static unsafe int? OwnerOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var status = stackalloc byte[256];
        if (statx(CurrentDirectory, path, flags: 0, OwnerMask, status) != 0)
        {
            throw LastError("statx", path);
        }

        return *(int*)(status + OwnerOffset);
    }

    /// <summary>
    /// Which directory this is: its device (major:minor) and its inode on it; null where the system cannot say (not Linux, no such
    /// directory).
    /// </summary>
    public static unsafe (string Device, string Inode)? IdentityOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var status = stackalloc byte[256];
        if (statx(CurrentDirectory, path, flags: 0, InodeMask, status) != 0)
        {
            return null;
        }

        var device = (uint*)(status + DeviceOffset);
        return (
            string.Create(CultureInfo.InvariantCulture, $"{device[0]}:{device[1]}"),
            (*(ulong*)(status + InodeOffset)).ToString(CultureInfo.InvariantCulture));
    }

    private static IOException LastError(string call, string path)
    {
        var errno = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of '{path}' failed: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})", errno);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int directory, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc")]
    private static partial uint geteuid();
}
