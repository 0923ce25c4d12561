using Microsoft.EntityFrameworkCore;
using SecurityAudit.Redaction;

namespace SecurityAudit.Capture.Tables;

/// <summary>Reads from a change tracker what is about to happen to the rows of tracked tables.</summary>
internal sealed class TrackedRows(TrackedTables tracked, SensitiveNames names)
{
    public TrackedTables Tables => tracked;

    /// <summary>The events, made when the writing is over.</summary>
    public IEnumerable<Func<SecurityEvent>> Read(DbContext context)
    {
        if (tracked.Types.Count == 0)
        {
            return [];
        }

        List<Func<SecurityEvent>> events = [];
        foreach (var entry in context.ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted && tracked.Contains(entry.Metadata)
                && TrackedRow.Of(entry, names) is { } row)
            {
                events.Add(row.Event);
            }
        }

        return events;
    }
}
