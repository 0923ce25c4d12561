using Microsoft.Win32;

namespace SecurityAudit.Enrichment;

/// <summary>The machine's own id, the one that Elastic's agents write: their events and ours are joined by it.</summary>
internal static class HostIdentity
{
    private static readonly string[] Files = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

    /// <summary>Null where the machine has none, as in many containers, or keeps it from this process.</summary>
    public static string? Id { get; } = OperatingSystem.IsWindows() ? OfWindows() : Files.Select(OfFile).FirstOrDefault(id => id is not null);

    private static string? OfWindows() => OperatingSystem.IsWindows()
        ? Registry.GetValue(@"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography", "MachineGuid", defaultValue: null) as string
        : null;

    private static string? OfFile(string path)
    {
        try
        {
            // A machine that is not set up yet says "uninitialized": man machine-id(5).
            return File.ReadLines(path).FirstOrDefault() is { Length: 32 } id && id.All(char.IsAsciiHexDigitLower) ? id : null;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
