using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SecurityAudit.Journal;
using SecurityAudit.Tests.Identity;

namespace SecurityAudit.Tests.Refusal;

/// <summary>A journal that really cannot be written, for root neither: a file stands where its directory was.</summary>
internal sealed class BrokenJournal
{
    private readonly JournalWriter _journal;

    private BrokenJournal(JournalWriter journal) => _journal = journal;

    private string Away => _journal.LogDirectory + ".away";

    /// <summary>What an owner configures who would rather have nothing happen than something unrecorded.</summary>
    public static void Refuse(SecurityAuditBuilder audit) => audit.Configure(options =>
    {
        options.Journal.FailureMode = JournalFailureMode.Refuse;
        options.Journal.WaitTimeout = TimeSpan.FromSeconds(2);
    });

    /// <summary>Broken, and nobody has noticed yet.</summary>
    public static async Task<BrokenJournal> Silently(IServiceProvider services)
    {
        var broken = new BrokenJournal(services.GetRequiredService<JournalWriter>());
        await broken._journal.FlushAsync();
        if (OperatingSystem.IsLinux())
        {
            await File.WriteAllTextAsync(broken.Away, "in the way");
            Exchange(broken.Away, broken._journal.LogDirectory);
        }
        else
        {
            Directory.Move(broken._journal.LogDirectory, broken.Away);
            await File.WriteAllTextAsync(broken._journal.LogDirectory, "in the way");
        }

        return broken;
    }

    /// <summary>Broken and known to be.</summary>
    public static async Task<BrokenJournal> Down(IServiceProvider services)
    {
        var broken = await Silently(services);
        broken._journal.Append("""{"event.action":"probe"}"""u8);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => broken._journal.FlushAsync().AsTask());
        Assert.False(broken._journal.IsAvailable);
        return broken;
    }

    public static Task<BrokenJournal> Down(IdentityHost host) => Down(host.Services);

    /// <summary>Makes it writable again, and comes back when it has noticed by itself.</summary>
    public async Task Mend()
    {
        PutBack(Away, _journal.LogDirectory);
        await _journal.WaitForDurableAsync(_journal.DurableSize, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(_journal.IsAvailable);
    }

    private static void PutBack(string away, string place)
    {
        if (OperatingSystem.IsLinux())
        {
            Exchange(away, place);
            File.Delete(away);
            return;
        }

        File.Delete(place);
        Directory.Move(away, place);
    }

    /// <summary>In one step, which not every system can: the writer makes a directory anew that is missing for a moment.</summary>
    private static void Exchange(string one, string other)
    {
        const int CurrentDirectory = -100;
        const uint Flag = 2;
        Assert.Equal(0, RenameAt(CurrentDirectory, Encoding.UTF8.GetBytes(one + '\0'), CurrentDirectory, Encoding.UTF8.GetBytes(other + '\0'), Flag));
    }

    [DllImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameAt(int oldDirectory, byte[] oldPath, int newDirectory, byte[] newPath, uint flags);
}
