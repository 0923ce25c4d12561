using SecurityAudit.Journal;

namespace SecurityAudit.Tool.Inventory;

/// <summary>What an auditor asks of the logging of an application (OWASP ASVS 16.1.1), as far as the journal and its files tell.</summary>
/// <param name="Directory">Where the journal stands.</param>
/// <param name="Access">Who may read the directory, by its mode; null where the system has none.</param>
/// <param name="Logs">Its logs, and how far each has been shipped.</param>
/// <param name="Keys">The keys that signed it, as its own lines say: whether they are the right ones, <c>verify --key</c> tells.</param>
/// <param name="Services">The applications that wrote it.</param>
/// <param name="ServicesLeftOut">Events of further ones: no journal of ours has so many.</param>
internal sealed record JournalInventory(
    string Directory, string? Access, IReadOnlyList<InventoriedLog> Logs, IReadOnlyList<string> Keys, IReadOnlyList<ServiceInventory> Services, long ServicesLeftOut)
{
    private const int MostServices = 200;
    private const int MostKeys = 20;

    public static JournalInventory Read(string directory, JournalEventReader reader, CancellationToken cancellationToken)
    {
        var services = new Dictionary<(string Service, string Environment, string Host), ServiceInventory>();
        List<string> keys = [];
        var leftOut = 0L;
        foreach (var e in reader.Read(new EventFilter { IncludeControl = true }, cancellationToken))
        {
            if (e.IsControl)
            {
                if (e["security_audit.journal.verifier_key"] is { Length: > 0 } key && keys.Count < MostKeys && !keys.Contains(key))
                {
                    keys.Add(key);
                }

                continue;
            }

            var place = (e["service.name"], e["service.environment"], e["host.name"]);
            if (!services.TryGetValue(place, out var service))
            {
                if (services.Count == MostServices)
                {
                    leftOut++;
                    continue;
                }

                services.Add(place, service = new ServiceInventory(place.Item1, place.Item2, place.Item3));
            }

            service.Add(e);
        }

        return new JournalInventory(
            Path.GetFullPath(directory), AccessOf(directory), [.. JournalDirectory.Logs(directory).Select(log => InventoriedLog.Of(directory, log))], keys,
            [.. services.Values.OrderBy(service => service.Service, StringComparer.Ordinal).ThenBy(service => service.Host, StringComparer.Ordinal)], leftOut);
    }

    private static string? AccessOf(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var mode = File.GetUnixFileMode(directory);
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        return $"{Convert.ToString((int)mode, 8).PadLeft(4, '0')}, {((mode & Others) == UnixFileMode.None ? "its owner alone" : "others than its owner too")}";
    }
}
