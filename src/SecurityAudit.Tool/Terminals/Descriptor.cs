using System.Runtime.InteropServices;

namespace SecurityAudit.Tool.Terminals;

/// <summary>
/// The calls of libc on a standard descriptor. The framework's own stream for standard output takes a pipe whose reader is gone for a
/// success, so that <c>follow | head -1</c> would never end.
/// </summary>
internal static unsafe partial class Descriptor
{
    public const int Output = 1;
    public const int Error = 2;

    private const int Interrupted = 4;
    private const int BrokenPipe = 32;
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;
    private const short Writable = 4;
    private const short Gone = 0x8 | 0x10 | 0x20; // POLLERR, POLLHUP, POLLNVAL
    private const int Forever = -1;

    private static readonly int s_wouldBlock = OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>
    /// Whether the caller left the descriptor open. One that was closed may belong to a file of the runtime by now, which unlike an
    /// inherited one is closed on exec.
    /// </summary>
    public static bool IsInherited(int descriptor) => fcntl(descriptor, GetDescriptorFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    /// <summary>Whether nobody can read what is written there any more.</summary>
    public static bool IsReaderGone(int descriptor)
    {
        var poll = new PollDescriptor { Descriptor = descriptor };
        return Descriptor.poll(&poll, 1, 0) > 0 && (poll.Happened & Gone) != 0;
    }

    /// <summary>Writes all the bytes.</summary>
    /// <exception cref="OutputClosedException">The reader is gone.</exception>
    /// <exception cref="IOException">The system refuses it.</exception>
    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (var written = 0; written < bytes.Length;)
            {
                var count = write(descriptor, start + written, bytes.Length - written);
                if (count >= 0)
                {
                    written += (int)count;
                    continue;
                }

                WaitOrThrow(descriptor, Marshal.GetLastPInvokeError());
            }
        }
    }

    private static void WaitOrThrow(int descriptor, int error)
    {
        if (error == Interrupted)
        {
            return;
        }

        if (error == s_wouldBlock)
        {
            // Another program set the pipe, which all who hold it share, to not wait.
            var writable = new PollDescriptor { Descriptor = descriptor, Wanted = Writable };
            _ = poll(&writable, 1, Forever);
            return;
        }

        throw error == BrokenPipe
            ? new OutputClosedException()
            : new IOException($"The output cannot be written: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollDescriptor* descriptors, nuint count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command);
}
