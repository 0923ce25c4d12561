namespace SecurityAudit.Journal;

/// <summary>
/// What is wrong with the journal at present, and the voice in which it says so. Notices are delivered one after another on a thread of the
/// pool, so that a listener can neither hold up the disk nor deadlock with it. Safe for several threads.
/// </summary>
internal sealed class HealthBoard(Action<JournalNotice>? listener)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<JournalNoticeKind, string> _problems = [];
    private readonly Queue<JournalNotice> _unsaid = new();
    private bool _speaking;

    /// <summary>The state; the intake knows how many lines were dropped.</summary>
    public JournalHealth Current(long dropped)
    {
        lock (_lock)
        {
            if (_problems.TryGetValue(JournalNoticeKind.Failed, out var failure))
            {
                return new JournalHealth(JournalHealthState.Failed, failure, dropped);
            }

            return new JournalHealth(
                _problems.Count == 0 ? JournalHealthState.Healthy : JournalHealthState.Degraded,
                string.Join(' ', _problems.Values),
                dropped);
        }
    }

    /// <summary>Says something that is over as soon as it is said.</summary>
    public void Say(JournalNoticeKind kind, string message, Exception? error = null)
    {
        if (listener is null)
        {
            return;
        }

        lock (_lock)
        {
            _unsaid.Enqueue(new JournalNotice(kind, message, error));
            if (_speaking)
            {
                return;
            }

            _speaking = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static board => board.Speak(), this, preferLocal: false);
    }

    /// <summary>Notes a problem that lasts, and says so when it is new.</summary>
    public void Raise(JournalNoticeKind kind, string message, Exception? error = null)
    {
        bool isNew;
        lock (_lock)
        {
            isNew = !_problems.ContainsKey(kind);
            _problems[kind] = message;
        }

        if (isNew)
        {
            Say(kind, message, error);
        }
    }

    /// <summary>The problem is over; true when there was one.</summary>
    public bool Clear(JournalNoticeKind kind)
    {
        lock (_lock)
        {
            return _problems.Remove(kind);
        }
    }

    private void Speak()
    {
        while (true)
        {
            JournalNotice? notice;
            lock (_lock)
            {
                if (!_unsaid.TryDequeue(out notice))
                {
                    _speaking = false;
                    return;
                }
            }

            try
            {
                listener!(notice);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The listener's failure must not become the journal's: the lines matter more than what is said about them.
            }
        }
    }
}
