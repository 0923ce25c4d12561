using System.Collections.Concurrent;
using System.Diagnostics;

namespace SecurityAudit.Journal.Tests;

/// <summary>What a journal has said about itself. Notices come on another thread, so asking for one waits a bounded time.</summary>
internal sealed class Notices
{
    private readonly ConcurrentQueue<JournalNotice> _said = new();

    public IReadOnlyCollection<JournalNotice> Said => _said;

    public void Add(JournalNotice notice) => _said.Enqueue(notice);

    public JournalNotice Expect(JournalNoticeKind kind)
    {
        JournalNotice? found = null;
        Eventually.True(() => (found = _said.FirstOrDefault(n => n.Kind == kind)) is not null, $"a notice of kind {kind}");
        return found!;
    }
}
