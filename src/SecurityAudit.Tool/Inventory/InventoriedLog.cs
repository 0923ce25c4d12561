using SecurityAudit.Journal;
using SecurityAudit.Shipping;

namespace SecurityAudit.Tool.Inventory;

/// <summary>One log, and how far it has been shipped.</summary>
internal sealed record InventoriedLog(string Id, string Directory, long Bytes, string Shipping)
{
    public static InventoriedLog Of(string journal, JournalLog log)
    {
        var record = log.Id.Length == 0 ? null : new ShippingFiles(journal, log.Id).Load();
        return new InventoriedLog(
            log.Id, log.Directory, log.Segments.Select(segment => new FileInfo(segment.Path)).Where(file => file.Exists).Sum(file => file.Length),
            record is null ? "never shipped" : record.Next > 0 ? $"lines 0 to {record.Next - 1} shipped, {record.State.ToString().ToLowerInvariant()}" : "nothing shipped yet");
    }
}
