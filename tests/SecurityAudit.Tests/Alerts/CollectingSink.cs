using System.Collections.Concurrent;

namespace SecurityAudit.Tests.Alerts;

/// <summary>A channel that keeps what it is given, after it did what the test wants.</summary>
internal sealed class CollectingSink(string name = "pager", Func<AlertDelivery, CancellationToken, Task>? before = null) : IAlertSink
{
    private readonly ConcurrentQueue<AlertDelivery> _delivered = new();
    private int _attempts;

    public string Name => name;

    public EventSeverity MinimumSeverity { get; init; } = EventSeverity.Low;

    public int Attempts => Volatile.Read(ref _attempts);

    public IReadOnlyList<AlertDelivery> Delivered => [.. _delivered];

    public IEnumerable<string> Sentences => Delivered.Select(delivery => delivery.Sentence);

    public async Task DeliverAsync(AlertDelivery delivery, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _attempts);
        if (before is not null)
        {
            await before(delivery, cancellationToken);
        }

        _delivered.Enqueue(delivery);
    }
}
