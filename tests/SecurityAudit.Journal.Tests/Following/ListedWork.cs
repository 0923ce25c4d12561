using System.Collections.Concurrent;

namespace SecurityAudit.Journal.Tests.Following;

/// <summary>Work that only says what it was given, and in which order.</summary>
internal sealed class ListedWork : IJournalWork
{
    public ConcurrentDictionary<string, LogWork> Begun { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<Exception> Failures { get; } = new();

    /// <summary>A log that another process works on.</summary>
    public string? Elsewhere { get; set; }

    /// <summary>What the settling of lines of a log that was left behind does besides.</summary>
    public Action? WhenLeftIsSettled { get; set; }

    public bool TryLock(string logId, out IDisposable? held)
    {
        held = null; // as on a volume on which no lock can be made
        return logId != Elsewhere;
    }

    public string InUse(string logId) => $"{logId} is worked on elsewhere";

    public ILogWork Begin(string logId, long size) => Begun[logId] = new LogWork(this, size);

    public void Failed(Exception error) => Failures.Enqueue(error);

    internal sealed class LogWork(ListedWork work, long size) : ILogWork
    {
        private readonly List<long> _taken = [];

        public long Size => size;

        public ConcurrentQueue<long> Settled { get; } = new();

        public bool IsSuspended { get; private set; }

        public TimeSpan Patience => _taken.Count == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero;

        public JournalReader Open(string logDirectory) => new(logDirectory);

        public Task FillAsync(JournalReader reader, CancellationToken cancellationToken)
        {
            while (reader.TryRead(out var line))
            {
                _taken.Add(line.Sequence);
            }

            return Task.CompletedTask;
        }

        public Task SettleAsync(CancellationToken cancellationToken)
        {
            if (size == long.MaxValue)
            {
                work.WhenLeftIsSettled?.Invoke();
            }

            _taken.ForEach(Settled.Enqueue);
            _taken.Clear();
            return Task.CompletedTask;
        }

        public void Suspend() => IsSuspended = true;
    }
}
