using System.Collections.Concurrent;
using SecurityAudit.Journal;

namespace SecurityAudit.Opening;

/// <summary>
/// What the journal reports of its troubles, until somebody records it: it is reported on the thread that writes the journal, which cannot
/// wait for itself. Safe for any thread.
/// </summary>
internal sealed class JournalTroubles
{
    private const int Most = 100;

    private readonly ConcurrentQueue<JournalNotice> _notices = [];

    public void Add(JournalNotice notice)
    {
        if (IsTrouble(notice.Kind) && _notices.Count < Most)
        {
            _notices.Enqueue(notice);
        }
    }

    /// <summary>The first that is not on record yet; null where there is none.</summary>
    public JournalNotice? Next => _notices.TryPeek(out var notice) ? notice : null;

    /// <summary><see cref="Next"/> is on record. For one reader alone.</summary>
    public void Recorded() => _notices.TryDequeue(out _);

    // What the journal itself writes a line about (a gap, a copy), and what happens in good order, is none.
    private static bool IsTrouble(JournalNoticeKind kind) => kind is JournalNoticeKind.Failed or JournalNoticeKind.Damaged or JournalNoticeKind.RolledBack
        or JournalNoticeKind.SegmentReplaced or JournalNoticeKind.SpaceLow or JournalNoticeKind.SpaceCritical or JournalNoticeKind.AnchorFailed
        or JournalNoticeKind.Exposed or JournalNoticeKind.SignerFailed or JournalNoticeKind.Unsettled;
}
